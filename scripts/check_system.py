"""Say which Debian packages are missing, before an import fails for want of them.

The OpenCV build that PaddleOCR pins links against libGL and GLib, which a slim system lacks.
"""

import ctypes
import sys

NEEDED = {"libGL.so.1": "libgl1", "libglib-2.0.so.0": "libglib2.0-0"}


def missing_packages() -> list[str]:
    """The Debian packages of the shared libraries that cannot be loaded."""
    packages = []
    for library, package in NEEDED.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


if __name__ == "__main__":
    packages = missing_packages() if sys.platform == "linux" else []
    if packages:
        sys.exit("缺少系统库，请先运行：sudo apt-get install -y " + " ".join(packages))
