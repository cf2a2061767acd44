# Built in one stage, run in another that has no compiler, no pip cache and no root.
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && VIRTUAL_ENV=/venv /venv/bin/uv pip install --no-cache --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY app app
COPY templates templates
COPY static static
COPY migrations migrations
RUN VIRTUAL_ENV=/venv /venv/bin/uv pip install --no-cache --no-build-isolation --no-deps . \
    && VIRTUAL_ENV=/venv /venv/bin/uv pip uninstall uv

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data blindverse \
    && mkdir /data && chown blindverse /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BLINDVERSE_DATABASE_URL=sqlite:////data/blindverse.db
USER blindverse
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["blindverse", "serve", "--host", "0.0.0.0"]
