// Calls to the License API: repeated where that helps, one idempotency key for each action, refusals as errors.

package latchkey

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxAnswer is how long an answer may be; bytes. The server's are shorter.
const maxAnswer = 4 << 20

var errTooLarge = errors.New("the answer is too large")

// api calls the server.
type api struct {
	options Options
	random  *randomSource
	client  *http.Client
	// life ends when the client is stopped.
	life context.Context
}

// request is a call, which may be sent several times.
type request struct {
	method, url string
	header      http.Header
	body        []byte
}

func newAPI(life context.Context, options Options, random *randomSource) *api {
	client := &http.Client{Transport: options.Transport, CheckRedirect: checkRedirect}
	return &api{options, random, client, life}
}

// post posts JSON and returns the answer's. What changes something is sent with an idempotency key.
func (a *api) post(ctx context.Context, path string, body map[string]any, changes bool) (map[string]any, *Error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, &Error{Code: CodeInvalidOptions, Message: "The request cannot be written as JSON.", cause: err}
	}
	header := http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {a.options.APIKey}}
	if changes {
		key, failed := a.random.bytes(16)
		if failed != nil {
			return nil, failed
		}
		header.Set("Idempotency-Key", hex.EncodeToString(key))
	}
	answer, failed := a.send(ctx, request{"POST", a.options.URL + path, header, encoded}, a.options.Retries)
	if failed != nil {
		return nil, failed
	}
	return asObject(answer)
}

// getText gets a text from an address, without the API key.
func (a *api) getText(ctx context.Context, url string) (string, *Error) {
	once := RetryPolicy{Attempts: 1}
	answer, failed := a.send(ctx, request{method: "GET", url: url, header: http.Header{}}, once)
	return string(answer.text), failed
}

// answer is what came of an attempt.
type answer struct {
	status int
	text   []byte
}

func (a *api) send(ctx context.Context, request request, policy RetryPolicy) (answer, *Error) {
	ctx, cancel := untilEither(ctx, a.life)
	defer cancel()
	for attempt := 1; ; attempt++ {
		answer, failed := a.attempt(ctx, request)
		if failed == nil {
			return answer, nil
		}
		delay, again := policy.delayBeforeRetry(failed.Status, failed.RetryAfter, attempt, a.random.fraction())
		if !again || ctx.Err() != nil || !wait(ctx, a.options.Clock, delay) {
			return answer, a.withCause(failed)
		}
	}
}

// withCause tells of a client that was stopped.
func (a *api) withCause(failed *Error) *Error {
	if failed.Status == 0 && a.life.Err() != nil {
		return networkError(ErrStopped)
	}
	return failed
}

func (a *api) attempt(ctx context.Context, request request) (answer, *Error) {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	sent, err := http.NewRequestWithContext(ctx, request.method, request.url, bytes.NewReader(request.body))
	if err != nil {
		return answer{}, networkError(err)
	}
	sent.Header = request.header.Clone()
	sent.Header.Set("User-Agent", "latchkey-go/"+Version)
	response, err := a.client.Do(sent)
	if err != nil {
		return answer{}, networkError(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(text) > maxAnswer {
		err = errTooLarge
	}
	if err != nil {
		return answer{}, networkError(err)
	}
	received := answer{response.StatusCode, text}
	if received.status < 200 || received.status > 299 {
		return received, refusalOf(received, response.Header, a.options.Clock.Now())
	}
	return received, nil
}

// refusalOf is the error of a refusal; of an answer that is no error of the server, such as that of a proxy, by its status.
func refusalOf(received answer, header http.Header, now time.Time) *Error {
	value, _ := parseJSON(received.text)
	body, _ := value.(map[string]any)
	given, _ := body["error"].(map[string]any)
	details, _ := given["details"].(map[string]any)
	refusal := &Error{
		Code:       text(given, "code"),
		Message:    text(given, "message"),
		Details:    plainObject(details),
		Status:     received.status,
		RequestID:  header.Get("X-Request-Id"),
		RetryAfter: readRetryAfter(header.Get("Retry-After"), now),
		signature:  text(body, "signature"),
	}
	if refusal.Code == "" {
		refusal.Code = fmt.Sprintf("HTTP_%d", received.status)
	}
	if refusal.Message == "" {
		refusal.Message = fmt.Sprintf("The server answered with the status %d.", received.status)
	}
	return refusal
}

func asObject(received answer) (map[string]any, *Error) {
	value, _ := parseJSON(received.text)
	if body, isObject := value.(map[string]any); isObject {
		return body, nil
	}
	return nil, &Error{
		Code:    CodeUntrustedAnswer,
		Message: "The answer is not that of a license server; a proxy or a sign-in page of the network may be between.",
		Status:  received.status,
	}
}
