# One image for Airflow's api-server, dag-processor and scheduler, and for the hub's shell: which of them a
# container is, its command says. No secret is in it; they are handed in as files when it runs.
#
# The base is named by tag. Pin it by digest where you build: a tag moves.
FROM python:3.12-slim-bookworm AS base
ENV PATH=/opt/hub/venv/bin:$PATH \
    PYTHONUNBUFFERED=1

FROM base AS build
# The version of the Makefile; a test compares them.
ARG UV_VERSION=0.13.9
ENV UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never \
    VIRTUAL_ENV=/opt/hub/venv
RUN pip install --no-cache-dir --disable-pip-version-check "uv==${UV_VERSION}" \
    && uv venv --python /usr/local/bin/python "${VIRTUAL_ENV}"
WORKDIR /opt/hub/app
COPY requirements.image.lock ./
RUN uv pip install --compile-bytecode --require-hashes --requirement requirements.image.lock
COPY pyproject.toml requirements.lock README.md ./
COPY dags ./dags
COPY hub ./hub
COPY connectors ./connectors
COPY quality ./quality
COPY schemas ./schemas
COPY simulators ./simulators
# In place, so that it lies as in a checkout: `dags` is found beside `hub`, and an error names a line of ours.
# The configuration is empty, or Airflow would write one; all that is set comes from the environment.
RUN uv pip install --no-deps --build-constraint requirements.lock --editable . \
    && python -m compileall -q . \
    && install -d /opt/hub/airflow/config \
    && touch /opt/hub/airflow/airflow.cfg \
    && python -c 'from hub.stack import LOCAL_SETTINGS; print(LOCAL_SETTINGS, end="")' \
        > /opt/hub/airflow/config/airflow_local_settings.py

FROM base
# A number far from any account of the host; secret files are given to this group.
RUN groupadd --gid 10001 hub \
    && useradd --uid 10001 --gid hub --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hub \
    && install -d -o hub -g hub -m 0700 /var/lib/hub /var/log/airflow
COPY --from=build /opt/hub /opt/hub
ENV AIRFLOW_HOME=/opt/hub/airflow \
    HOME=/tmp \
    HUB_HOME=/var/lib/hub
USER 10001:10001
WORKDIR /var/lib/hub
# Health is asked service by service (docker-compose.yml): each of the commands has a way of its own.
HEALTHCHECK NONE
CMD ["hub", "--help"]
