"""Every setting, its default and its unit. Read once, at the edge.

Sources, strongest first: environment (`ADSCAN_LIMITS__MAX_PAGES=50`), the TOML file named by
`ADSCAN_SETTINGS`, the defaults below.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from adscan.errors import SettingsError


class Limits(BaseModel):
    """What one input may cost; beyond it is TooLarge, for that input only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_file_bytes: int = Field(100_000_000, gt=0)
    max_text_bytes: int = Field(20_000_000, gt=0)  # plain text and HTML
    max_image_pixels: int = Field(200_000_000, gt=0)  # width x height, before decoding
    max_frames: int = Field(500, gt=0)  # frames looked at in an animation
    max_pages: int = Field(500, gt=0)  # of a PDF
    max_page_images: int = Field(200, gt=0)  # pictures of one web page or document
    max_archive_depth: int = Field(3, gt=0)  # archives inside archives
    max_archive_files: int = Field(100_000, gt=0)
    max_archive_bytes: int = Field(2_000_000_000, gt=0)  # all members, unpacked
    max_archive_ratio: float = Field(200.0, gt=1)  # unpacked to packed bytes, per member


class OcrSettings(BaseModel):
    """How pictures are read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detector_dir: Path | None = None  # PaddleOCR model folders; None: the weights of rapidocr
    recogniser_dir: Path | None = None
    min_confidence: float = Field(0.6, ge=0, le=1)  # a line below is kept and marked unsure
    threads: int | None = Field(None, gt=0)  # None: as many as there are cores


class Thresholds(BaseModel):
    """Numbers from which a person should look. None of them is a legal line (see docs/rules)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    yearly_yield_percent: float = Field(15.0, gt=0)
    monthly_yield_percent: float = Field(1.25, gt=0)
    daily_yield_percent: float = Field(0.05, gt=0)
    prize_yuan: float = Field(50_000, gt=0)  # 反不正当竞争法: the highest prize of a draw


class PermitSettings(BaseModel):
    """How the permit register is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # How far from an ad's day a complete list may lie and still prove that a permit is lacking.
    # The law asks for the day itself; who imports weekly may allow for a week.
    complete_within_days: int = Field(0, ge=0)


class WebSettings(BaseModel):
    """The pre-review service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=lambda: user_data_path("adscan") / "prereview")
    # A submission's body as a whole; each file also has to keep `limits.max_file_bytes`.
    max_upload_bytes: int = Field(100_000_000, gt=0)
    max_files: int = Field(50, gt=0)  # of one submission
    session_hours: float = Field(12, gt=0)  # signed in at most so long
    idle_minutes: float = Field(120, gt=0)  # and so long without a request
    invitation_hours: float = Field(72, gt=0)
    # Approving what the machine would reject takes a second person, a chief reviewer.
    two_person: bool = True
    review_timeout_s: float = Field(900, gt=0)  # one ad; then the worker is ended
    review_attempts: int = Field(3, gt=0)  # then a person gets it unread by the machine
    lease_s: float = Field(30, gt=0)  # a worker silent so long is taken for gone
    # Addresses or networks of reverse proxies, separated by commas: only their X-Forwarded-For and
    # X-Forwarded-Proto are believed.
    trusted_proxies: str = ""


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix="ADSCAN_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    limits: Limits = Limits()
    ocr: OcrSettings = OcrSettings()
    thresholds: Thresholds = Thresholds()
    permits: PermitSettings = PermitSettings()
    web: WebSettings = WebSettings()
    database_url: str | None = None  # of the service; None: SQLite in web.data_dir
    register_path: Path = Field(default_factory=lambda: user_data_path("adscan") / "register.db")
    model: Path | None = None  # another folder than the shipped one of models/
    authorities: Path | None = None  # another place's table of leading authorities
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("adscan"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults."""
        file = os.environ.get("ADSCAN_SETTINGS")
        toml = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        return (init_settings, env_settings, *toml)


def load_settings() -> Settings:
    """The settings of this run. Raises SettingsError naming the setting."""
    file = os.environ.get("ADSCAN_SETTINGS")
    if file and not Path(file).is_file():
        raise SettingsError(f"设置文件不存在：{file}", hint="请检查环境变量 ADSCAN_SETTINGS")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(key) for key in first["loc"])
        raise SettingsError(
            f"设置 {name} 的值不可用：{first['msg']}", hint="见 adscan/settings.py 中的说明"
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"设置文件读不出：{error}", hint=f"请检查 {file} 的 TOML 写法"
        ) from error
