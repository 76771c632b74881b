// The fifth step: activating the license, which an app does.
import { CallStep, type Steps } from "./CallStep.tsx";

export function ActivateStep(props: { steps: Steps }) {
  return (
    <CallStep
      steps={props.steps}
      isDone={props.steps.activation}
      path="/api/license/activate"
      label="to activate"
      more={{ machine_name: "My machine", app_version: "1.0.0" }}
      waitingFor="the first machine"
    >
      The first call of your app on a machine. It uses one of the license's activations.
    </CallStep>
  );
}
