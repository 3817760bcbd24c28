"""The flows as deployments of the embedded Prefect: seen in its UI, asked for by name, run in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from prefect import Flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, FlowRunFilterState
from prefect.client.schemas.filters import FlowRunFilterStateType as StateTypes
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.context import AsyncClientContext
from prefect.flow_engine import run_flow_async
from prefect.states import Crashed, Pending

from workflows.daily import daily
from workflows.deliver import deliver
from workflows.naming import TAG
from workflows.sweep import sweep

FLOWS: Final[dict[str, Flow[Any, Any]]] = {flow.name: flow for flow in (deliver, sweep, daily)}
# For the reader of the UI only, hence not active: Sapat's dispatcher keeps the rhythm, and makes no run for nothing.
SHOWN_SCHEDULES: Final[dict[str, CronSchedule | IntervalSchedule]] = {
    "deliver": IntervalSchedule(interval=timedelta(seconds=5)),
    "sweep": IntervalSchedule(interval=timedelta(seconds=60)),
    "daily": CronSchedule(cron="5 0 * * *", timezone="Asia/Bishkek"),
}
DEPLOYMENT: Final = "sapat"  # the deployments' full names: deliver/sapat, sweep/sapat, daily/sapat


@dataclass
class Deployments:
    """The three deployments in the Prefect at PREFECT_API_URL. Every method raises when Prefect does not answer."""

    ids: dict[str, UUID] = field(default_factory=dict)

    async def register(self) -> None:
        """Create or update one deployment for each flow, and close what a killed process left as running."""
        async with get_client() as client:
            for name, flow in FLOWS.items():
                self.ids[name] = await client.create_deployment(
                    flow_id=await client.create_flow(flow),
                    name=DEPLOYMENT,
                    description=flow.description,
                    tags=[TAG, name],
                    entrypoint=f"workflows.{name}.{name}",
                    parameter_openapi_schema=flow.parameters.model_dump_for_openapi(),
                    enforce_parameter_schema=True,
                    schedules=[DeploymentScheduleCreate(schedule=SHOWN_SCHEDULES[name], active=False, slug=name)],
                )
            await self._close_left_running(client)

    async def _close_left_running(self, client: PrefectClient) -> None:
        begun = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=list(self.ids.values())),
            state=FlowRunFilterState(type=StateTypes(any_=[StateType.RUNNING, StateType.PENDING])),
        )
        for run in await client.read_flow_runs(flow_run_filter=begun):
            await client.set_flow_run_state(run.id, Crashed(message="Sapat ended before this run did."), force=True)

    def name_of(self, run: FlowRun) -> str:
        """Which chore a run is of."""
        return next(name for name, known in self.ids.items() if known == run.deployment_id)

    async def asked_for(self) -> list[FlowRun]:
        """The runs somebody asked for, in the UI or by a deployment's name, whose time has come."""
        async with get_client() as client:
            return await client.get_scheduled_flow_runs_for_deployments(
                list(self.ids.values()), scheduled_before=datetime.now(UTC)
            )

    async def run(self, name: str, at: datetime) -> None:
        """Run one chore for the moment `at` as a run of its deployment, to its end; what the chore raises is stored."""
        async with AsyncClientContext.get_or_create() as context:
            run = await context.client.create_flow_run_from_deployment(
                self.ids[name], parameters={"at": at.isoformat()}, state=Pending()
            )
            await run_flow_async(FLOWS[name], flow_run=run, parameters={"at": at}, return_type="state")

    async def execute(self, name: str, run: FlowRun) -> None:
        """Run what was asked for, to its end; a run that was cancelled or taken in the meantime is left alone."""
        async with AsyncClientContext.get_or_create() as context:
            claimed: OrchestrationResult[Any] = await context.client.set_flow_run_state(run.id, Pending())
            if claimed.status is SetStateStatus.ACCEPT:
                parameters = {"at": run.parameters.get("at")}
                await run_flow_async(FLOWS[name], flow_run=run, parameters=parameters, return_type="state")
