-- Mail on its way: written in the transaction of what it is about, so that what was undone is never told, and sent
-- by a job of the worker, so that a slow mail server delays nobody.
create table mails (
  id              bigint generated always as identity primary key,
  -- One address.
  recipient       text not null,
  subject         text not null,
  -- The text, sealed, for it may hold a link that signs its reader in. Forgotten once the mail is sent.
  body            bytea,
  created_at      timestamptz not null,
  -- A mail that is not sent by then would be no good any more.
  expires_at      timestamptz,
  -- Tries begun so far, and when the next one may begin; a try under way has this moved ahead of it, so that no
  -- other worker takes the same mail, and one whose worker died is taken up again.
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  -- What the mail server said last.
  last_error      text,
  sent_at         timestamptz,
  -- Given up: refused for good, too old, or tried too often.
  failed_at       timestamptz,
  constraint mails_recipient_form check (recipient ~ '^[^@\s]+@[^@\s]+$' and length(recipient) <= 254),
  constraint mails_subject_length check (length(subject) between 1 and 255),
  constraint mails_settled_once check (sent_at is null or failed_at is null)
);

-- What waits to be sent, in the order it is due.
create index mails_waiting on mails (next_attempt_at) where sent_at is null and failed_at is null;
