// The fifth step: activating the license, which an app does.
import { CallStep, type Steps } from "./CallStep.tsx";

export function ActivateStep(props: { steps: Steps }) {
  return (
    <CallStep
      steps={props.steps}
      isDone={props.steps.activation}
      path="/api/license/activate"
      label="to activate"
      more={{ machine_name: "My computer", app_version: "1.0.0" }}
      waitingFor="the first activation"
    >
      Your app calls this once on each device. It uses one activation of the license.
    </CallStep>
  );
}
