-- requires program 0.9.0
-- Outgoing mail. A row is inserted in the transaction of the change that the mail is about, and sent by a
-- worker, so that a slow mail server delays no request and a change that is rolled back sends no mail.
create table mails (
  id              bigint generated always as identity primary key,
  -- One address.
  recipient       text not null,
  subject         text not null,
  -- The encrypted text: it may contain a link that signs the reader in. Null once the mail is sent.
  body            bytea,
  created_at      timestamptz not null,
  -- A mail that was not sent by then is given up.
  expires_at      timestamptz,
  -- Attempts begun, and when the next one may begin. An attempt moves next_attempt_at ahead before it sends,
  -- so that no other worker sends the same mail, and so that a mail whose worker died is tried again.
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  -- The last error of the mail server.
  last_error      text,
  sent_at         timestamptz,
  -- Given up: refused permanently, expired, or too many attempts.
  failed_at       timestamptz,
  -- The span that queued it (W3C Trace Context); null while traces are off.
  traceparent     text,
  constraint mails_recipient_form check (recipient ~ '^[^@\s]+@[^@\s]+$' and length(recipient) <= 254),
  constraint mails_subject_length check (length(subject) between 1 and 255),
  constraint mails_sent_at_or_failed_at check (sent_at is null or failed_at is null),
  constraint mails_traceparent_length check (length(traceparent) = 55)
);

-- For exportPersonalData, deleteMailsTo: mail to an address.
create index mails_by_recipient on mails (lower(recipient), id desc);

-- For getFailedMails: mails that failed lately.
create index mails_failed on mails (failed_at)
where failed_at is not null;

-- For claimMails: mails to send, in the order they are due.
create index mails_waiting on mails (next_attempt_at)
where sent_at is null and failed_at is null;
