"""The error tree: what stops a run (SetupError) and what only costs one input (InputError)."""

from __future__ import annotations


class AdscanError(Exception):
    """Something the user can act on: a Chinese sentence, and a hint saying what to do next."""

    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}；{self.hint}" if self.hint else self.message


class SetupError(AdscanError):
    """The run stops here (exit 2): later answers would be worthless."""

    code = "setup"


class SettingsError(SetupError):
    """A setting has an impossible value, or its file cannot be read."""

    code = "settings"


class RulebookError(SetupError):
    """A rule, instrument or policy file is wrong; says file, line and key."""

    code = "rulebook"

    def __init__(
        self, message: str, *, file: str, line: int | None = None, key: str = "", hint: str = ""
    ) -> None:
        place = f"{file}:{line}" if line is not None else file
        named = f"{place}：{key}：{message}" if key else f"{place}：{message}"
        super().__init__(named, hint=hint)
        self.file, self.line, self.key = file, line, key


class ModelError(SetupError):
    """Weights are missing, damaged or cannot be loaded."""

    code = "model"


class DataError(SetupError):
    """A labelled text breaks the schema; says file, line and field."""

    code = "data"


class RegisterError(SetupError):
    """The permit register is not ours, damaged, locked, or cannot be written."""

    code = "register"


class ListError(SetupError):
    """A list of permits cannot be used at all: its encoding, its layout, its mapping."""

    code = "list"


class InputError(AdscanError):
    """This input only (exit 3): the others go on."""

    code = "input"


class UnsupportedFormat(InputError):
    """The content is of a kind adscan does not read."""

    code = "unsupported_format"


class DamagedFile(InputError):
    """The file is broken, cut short, encrypted, empty, missing or not ours to open."""

    code = "damaged_file"


class TooLarge(InputError):
    """The file goes over one of the limits in the settings."""

    code = "too_large"
