// How a receiver verifies requests: the signature and example programs.
import { For } from "solid-js";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { snippets } from "./verify_snippets.ts";

const steps = [
  "Take the body as it came, before anything reads it as JSON.",
  "Check the signature with the secret, and refuse what is older than five minutes.",
  "Answer with a 2xx status within ten seconds; do what takes longer afterwards.",
  "Keep the ids of the last days: what was answered too late comes again, under the same id.",
];

export function VerifyGuide() {
  return (
    <div class="flex min-w-0 flex-col gap-4">
      <Card title="Signatures" hint="As Standard Webhooks has them, so its libraries verify them.">
        <div class="flex flex-col gap-4 text-sm">
          <DetailList
            items={[
              [<code class="font-mono">webhook-id</code>, "The event's id, the same on every attempt"],
              [<code class="font-mono">webhook-timestamp</code>, "When the attempt was made, Unix seconds"],
              [
                <code class="font-mono">webhook-signature</code>,
                "v1, a comma, and the HMAC-SHA256 of id.timestamp.body in base 64. While a secret is being " +
                "rotated there are two, with a space between; one that holds is enough.",
              ],
            ]}
          />
          <ol class="flex list-decimal flex-col gap-1 pl-5">
            <For each={steps}>{(step) => <li>{step}</li>}</For>
          </ol>
        </div>
      </Card>
      <Card title="A receiver" hint="Give it the secret as WEBHOOK_SECRET.">
        <Tabs
          label="Languages"
          name="language"
          tabs={snippets.map(({ id, language, needs, code }) => ({
            id,
            title: language,
            content: () => (
              <div class="flex min-w-0 flex-col gap-2">
                <p class="text-xs text-muted">
                  Needs: <span class="font-mono break-words">{needs}</span>
                </p>
                <CodeBlock text={code} label={`the ${language} program`} />
              </div>
            ),
          }))}
        />
      </Card>
    </div>
  );
}
