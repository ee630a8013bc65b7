# One image for every program of the site; docker-compose.yml says which of them runs.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/pomar/collected
COPY --from=packages /venv /venv
WORKDIR /pomar
COPY manage.py ./
COPY providers providers
COPY gallery gallery
COPY templates templates
COPY static static
# Files that are the same for every site belong to the image; only data come later.
RUN python -m gallery.translations && python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --home-dir /data --create-home pomar
USER pomar
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "1", "--blocking-threads", "32", "--backpressure", "512", "gallery.wsgi:application"]
