// Receivers in six languages that check the signature as Standard Webhooks has it: whole programs, to be copied.

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
    needs: "Python 3.9 or later",
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
    needs: "PHP 8 or later",
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
    id: "java",
    language: "Java",
    needs: "Java 17 or later",
    code: `import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Receiver {
    static final byte[] KEY =
            Base64.getDecoder().decode(System.getenv("WEBHOOK_SECRET").substring("whsec_".length()));

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean isSigned = verify(exchange.getRequestHeaders(), body);
            if (isSigned) System.out.println(new String(body, StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(isSigned ? 204 : 400, -1);
            exchange.close();
        });
        server.start();
    }

    /** Whether the signature is right and the request is not older than five minutes. */
    static boolean verify(Headers headers, byte[] body) {
        try {
            String at = headers.getFirst("webhook-timestamp");
            if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(at)) > 300) return false;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            mac.update((headers.getFirst("webhook-id") + "." + at + ".").getBytes(StandardCharsets.UTF_8));
            byte[] right = mac.doFinal(body);
            for (String part : headers.getFirst("webhook-signature").split(" ")) {
                if (!part.startsWith("v1,")) continue;
                if (MessageDigest.isEqual(right, Base64.getDecoder().decode(part.substring(3)))) return true;
            }
            return false;
        } catch (GeneralSecurityException | RuntimeException malformed) {
            return false;
        }
    }
}
`,
  },
  {
    id: "go",
    language: "Go",
    needs: "Go 1.19 or later",
    code: `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !verify(key, r.Header, body) {
			http.Error(w, "The signature is wrong.", http.StatusBadRequest)
			return
		}
		log.Printf("%s", body)
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe(":"+port, nil))
}

// verify returns whether the signature is right and the request is not older than five minutes.
func verify(key []byte, header http.Header, body []byte) bool {
	at := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(header.Get("webhook-id") + "." + at + "."))
	mac.Write(body)
	right := mac.Sum(nil)
	for _, part := range strings.Fields(header.Get("webhook-signature")) {
		version, text, _ := strings.Cut(part, ",")
		signature, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(signature, right) {
			return true
		}
	}
	return false
}
`,
  },
  {
    id: "csharp",
    language: "C#",
    needs: "ASP.NET Core 8 or later",
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
