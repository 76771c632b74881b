// How a receiver verifies requests: the signature and example programs.
import { For } from "solid-js";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { snippets } from "./verify_snippets.ts";

const steps = [
  "Read the raw request body before parsing it as JSON.",
  "Verify the signature with the secret, and reject requests older than 5 minutes.",
  "Return a 2xx status within 10 seconds, and do longer work afterwards.",
  "Store the IDs of the last days: a request that timed out is sent again with the same ID.",
];

export function VerifyGuide() {
  return (
    <div class="flex min-w-0 flex-col gap-4">
      <Card title="Signatures" hint="Follows Standard Webhooks, so its libraries can verify them.">
        <div class="flex flex-col gap-4 text-sm">
          <DetailList
            items={[
              [<code class="font-mono">webhook-id</code>, "Event ID, the same for every attempt"],
              [<code class="font-mono">webhook-timestamp</code>, "Time of the attempt in Unix seconds"],
              [
                <code class="font-mono">webhook-signature</code>,
                "v1, a comma, and the HMAC-SHA256 of id.timestamp.body in Base64. During a rotation there are two, " +
                "separated by a space; one valid signature is enough.",
              ],
            ]}
          />
          <ol class="flex list-decimal flex-col gap-1 pl-5">
            <For each={steps}>{(step) => <li>{step}</li>}</For>
          </ol>
        </div>
      </Card>
      <Card title="Example endpoint" hint="Set WEBHOOK_SECRET to the signing secret.">
        <Tabs
          label="Languages"
          name="language"
          tabs={snippets.map(({ id, language, needs, code }) => ({
            id,
            title: language,
            content: () => (
              <div class="flex min-w-0 flex-col gap-2">
                <p class="text-xs text-muted">
                  Requires: <span class="font-mono break-words">{needs}</span>
                </p>
                <CodeBlock text={code} label={`the ${language} code`} />
              </div>
            ),
          }))}
        />
      </Card>
    </div>
  );
}
