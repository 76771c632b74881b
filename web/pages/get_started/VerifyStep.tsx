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
      waitingFor="the first successful verification"
      byLibrary="The lines of the step before do this too: when the license is activated, soon after each start, and every hour."
    >
      Your app calls this at every start to check that it may run. The response includes{" "}
      <code>"valid": true</code>.
    </CallStep>
  );
}
