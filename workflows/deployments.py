"""The flows as deployments of the embedded Prefect: seen in its UI, asked for by name, run in this process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from prefect import Flow
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, FlowRunFilterState
from prefect.client.schemas.filters import FlowRunFilterStateType as StateTypes
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.flow_engine import run_flow_async
from prefect.settings import PREFECT_HOME
from prefect.states import Crashed, Pending

from workflows.collect import collect
from workflows.daily import daily
from workflows.deliver import deliver
from workflows.line import Line
from workflows.naming import TAG
from workflows.publish import publish
from workflows.sweep import sweep

FLOWS: Final[tuple[tuple[str, Flow[Any, Any]], ...]] = (
    ("deliver", deliver),
    ("sweep", sweep),
    ("publish", publish),
    ("collect", collect),
    ("daily", daily),
)
# For the reader of the UI only, hence not active: Sapat's dispatcher keeps the rhythm, and makes no run for nothing.
SHOWN_SCHEDULES: Final[dict[str, CronSchedule | IntervalSchedule]] = {
    "deliver": IntervalSchedule(interval=timedelta(seconds=5)),
    "sweep": IntervalSchedule(interval=timedelta(seconds=60)),
    "publish": IntervalSchedule(interval=timedelta(seconds=30)),
    "collect": IntervalSchedule(interval=timedelta(seconds=60)),
    "daily": CronSchedule(cron="5 0 * * *", timezone="Asia/Bishkek"),
}
DEPLOYMENT: Final = "sapat"  # the deployments' full names: deliver/sapat, sweep/sapat, …


class Deployments:
    """The deployments in the Prefect at PREFECT_API_URL. Every method raises when Prefect does not answer."""

    def __init__(self) -> None:
        self._line = Line()
        self._ids: dict[str, UUID] = {}
        # A failed run's exception is pickled, to be read by nobody; without a place given, the place is asked for.
        storage = PREFECT_HOME.value() / "storage"
        self._flows = {name: flow.with_options(result_storage=storage, persist_result=False) for name, flow in FLOWS}

    async def open(self) -> None:
        """Create or update one deployment for each flow, and close what a killed process left as running."""
        await self._line.open()
        client = self._line.client
        for name, flow in FLOWS:
            self._ids[name] = await client.create_deployment(
                flow_id=await client.create_flow(flow),
                name=DEPLOYMENT,
                description=flow.description,
                tags=[TAG, name],
                entrypoint=f"workflows.{name}.{name}",
                parameter_openapi_schema=flow.parameters.model_dump_for_openapi(),
                enforce_parameter_schema=True,
                schedules=[DeploymentScheduleCreate(schedule=SHOWN_SCHEDULES[name], active=False, slug=name)],
            )
        begun = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=list(self._ids.values())),
            state=FlowRunFilterState(type=StateTypes(any_=[StateType.RUNNING, StateType.PENDING])),
        )
        for run in await client.read_flow_runs(flow_run_filter=begun):
            await client.set_flow_run_state(run.id, Crashed(message="Sapat ended before this run did."), force=True)

    def name_of(self, run: FlowRun) -> str:
        """Which chore a run is of."""
        return next(name for name, known in self._ids.items() if known == run.deployment_id)

    async def asked_for(self) -> list[FlowRun]:
        """The runs somebody asked for, in the UI or by a deployment's name, whose time has come."""
        return await self._line.client.get_scheduled_flow_runs_for_deployments(
            list(self._ids.values()), scheduled_before=datetime.now(UTC)
        )

    async def run(self, name: str, at: datetime) -> None:
        """Run one chore for the moment `at` as a run of its deployment, to its end; what the chore raises is stored."""
        run = await self._line.client.create_flow_run_from_deployment(
            self._ids[name], parameters={"at": at.isoformat()}, state=Pending()
        )
        await self._to_its_end(name, run, at)

    async def execute(self, name: str, run: FlowRun) -> None:
        """Run what was asked for, to its end; a run that was cancelled or taken in the meantime is left alone."""
        claimed: OrchestrationResult[Any] = await self._line.client.set_flow_run_state(run.id, Pending())
        if claimed.status is SetStateStatus.ACCEPT:
            await self._to_its_end(name, run, run.parameters.get("at"))

    async def _to_its_end(self, name: str, run: FlowRun, at: object) -> None:
        # The engine opens a thread and a websocket to hear of the suspension of a run that has a deployment: a third
        # of a run's cost, and it blocks the loop. Prefect keeps the deployment with the run whatever is said here.
        here = run.model_copy(update={"deployment_id": None})
        await self._line.run(
            run_flow_async(self._flows[name], flow_run=here, parameters={"at": at}, return_type="state")
        )
