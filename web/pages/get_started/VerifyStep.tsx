// The last step: verifying the license, which an app does at every start.
import { CallStep, type Steps } from "./CallStep.tsx";

export function VerifyStep(props: { steps: Steps }) {
  return (
    <CallStep
      steps={props.steps}
      isDone={props.steps.verification}
      path="/api/license/verify"
      label="to verify"
      more={{ app_version: "1.0.0" }}
      waitingFor="the first verification that succeeds"
    >
      What your app asks at every start: may it run on this machine? The answer says{" "}
      <code>"valid": true</code>.
    </CallStep>
  );
}
