"""Which settings Prefect is run with, as environment variables: they have to be there before Prefect is imported."""

from __future__ import annotations

from pathlib import Path

KEEP_RUNS = 14 * 24 * 3600  # seconds; what Sapat did is in Sapat's own history, the runs are only for looking after it

# Loops nobody needs here: there are no workers, no schedules of Prefect's, no pauses, no leases, no automations, no
# tasks, and a run's states are kept without the events about them. Each asks the database every few seconds, for ever.
IDLE_SERVICES = (
    "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
    "EVENT_LOGGER",
    "EVENT_PERSISTER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
    "TASK_RUN_RECORDER",
    "TRIGGERS",
)


def fixed(home: Path, port: int) -> dict[str, str]:
    """Settings Sapat depends on, whatever the environment says. `home`: Prefect's folder; `port`: of its own server."""
    own = f"http://127.0.0.1:{port}"
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{own}/api",
        "PREFECT_UI_API_URL": f"{own}/api",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui"),  # else it is copied into the installed package
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{own},http://localhost:{port}",  # the default lets any page in
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        # A dead Prefect has to be noticed soon, so that the chores go on without it: five tries would take a minute.
        "PREFECT_CLIENT_MAX_RETRIES": "1",
        "PREFECT_API_REQUEST_TIMEOUT": "10",
    }


def preferred() -> dict[str, str]:
    """Settings an operator may override in the environment."""
    return {
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_RUNS),
        "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false",
        **{f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false" for service in IDLE_SERVICES},
    }
