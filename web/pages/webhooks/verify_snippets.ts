// Receivers in five languages that check the signature as Standard Webhooks has it: whole programs, to be copied.

export interface Snippet {
  id: string;
  language: string;
  /** What it needs beside the language. */
  needs: string;
  code: string;
}

export const snippets: Snippet[] = [
  {
    id: "typescript",
    language: "TypeScript",
    needs: "npm install standardwebhooks",
    code: `import { createServer } from "node:http";
import { env } from "node:process";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(env.WEBHOOK_SECRET!);

createServer(async (request, response) => {
  request.setEncoding("utf8");
  let body = "";
  for await (const chunk of request) body += chunk;
  try {
    // Throws when the signature is wrong or older than five minutes.
    const happened = webhook.verify(body, request.headers as Record<string, string>);
    console.log(happened);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end("The signature is wrong.");
  }
}).listen(Number(env.PORT ?? 3000));
`,
  },
  {
    id: "python",
    language: "Python",
    needs: "Nothing but Python 3.9",
    code: `import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


def verify(headers, body):
    at = headers["webhook-timestamp"]
    if abs(time.time() - int(at)) > 300:
        raise ValueError("The request is too old.")
    signed = f"{headers['webhook-id']}.{at}.".encode() + body
    right = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    for part in headers["webhook-signature"].split():
        version, _, signature = part.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), right):
            return json.loads(body)
    raise ValueError("The signature is wrong.")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            print(verify(self.headers, body))
            self.send_response(204)
        except (AttributeError, TypeError, ValueError):
            self.send_response(400)
        self.end_headers()


HTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver).serve_forever()
`,
  },
  {
    id: "php",
    language: "PHP",
    needs: "Nothing but PHP 8",
    code: `<?php
$key = base64_decode(substr(getenv('WEBHOOK_SECRET'), strlen('whsec_')));
$body = file_get_contents('php://input');
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$at = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';

$right = base64_encode(hash_hmac('sha256', "$id.$at.$body", $key, true));
$holds = false;
foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $part) {
    [$version, $signature] = explode(',', $part, 2) + ['', ''];
    if ($version === 'v1' && hash_equals($right, $signature)) {
        $holds = true;
    }
}
if (!$holds || abs(time() - (int) $at) > 300) {
    http_response_code(400);
    exit('The signature is wrong.');
}

$happened = json_decode($body, true);
error_log($happened['event']);
http_response_code(204);
`,
  },
  {
    id: "go",
    language: "Go",
    needs: "go get github.com/standard-webhooks/standard-webhooks/libraries",
    code: `package main

import (
	"io"
	"log"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			// An error when the signature is wrong or older than five minutes.
			err = webhook.Verify(body, r.Header)
		}
		if err != nil {
			http.Error(w, "The signature is wrong.", http.StatusBadRequest)
			return
		}
		log.Printf("%s", body)
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe(":3000", nil))
}
`,
  },
  {
    id: "csharp",
    language: "C#",
    needs: "Nothing but ASP.NET Core 8",
    code: `using System.Security.Cryptography;
using System.Text;

var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET")!;
var key = Convert.FromBase64String(secret["whsec_".Length..]);
var app = WebApplication.Create(args);

app.MapPost("/webhooks", async (HttpRequest request) =>
{
    using var reader = new StreamReader(request.Body, Encoding.UTF8);
    var body = await reader.ReadToEndAsync();
    var id = request.Headers["webhook-id"].ToString();
    var at = request.Headers["webhook-timestamp"].ToString();

    var right = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{at}.{body}"));
    var holds = request.Headers["webhook-signature"].ToString().Split(' ').Any(part =>
    {
        var signature = new byte[right.Length];
        return part.StartsWith("v1,")
            && Convert.TryFromBase64String(part[3..], signature, out var length)
            && length == right.Length
            && CryptographicOperations.FixedTimeEquals(signature, right);
    });
    var isRecent = long.TryParse(at, out var seconds)
        && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) <= 300;
    if (!holds || !isRecent) return Results.BadRequest("The signature is wrong.");

    Console.WriteLine(body);
    return Results.NoContent();
});

app.Run();
`,
  },
];
