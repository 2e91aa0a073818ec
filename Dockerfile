# An image that reviews ads without any network:
#   docker build -t adscan . && docker run --rm --network none -v "$PWD/ads:/ads:ro" adscan check /ads
FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/adscan
COPY requirements/runtime.lock requirements/runtime.lock
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY adscan adscan
RUN pip install --no-cache-dir --no-deps . && useradd --create-home adscan
USER adscan
ENTRYPOINT ["adscan"]
CMD ["--help"]
