-- requires program 0.9.0
-- Outgoing mail. A row is inserted in the transaction of the change that the mail is about, and sent by a
-- worker, so that a slow mail server delays no request and a change that is rolled back sends no mail.
create table mails (
  id              bigint generated always as identity primary key,
  -- Which mail it is: a name of server/domain/mail/kinds.ts.
  kind            text not null,
  -- One address.
  recipient       text not null,
  subject         text not null,
  -- The encrypted content, text and HTML: it may contain a link that signs the reader in. Null once the mail is sent.
  body            bytea,
  -- The public id of the event that it is about, for mail that an event causes: one event causes one mail.
  event_uid       uuid,
  -- What it is about. Ids without references, because mail is deleted when it is old or its recipient is erased.
  license_ids     bigint[],
  customer_id     bigint,
  user_id         bigint,
  invitation_id   bigint,
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
  -- Given up: refused permanently, expired, or too many attempts; or cancelled.
  failed_at       timestamptz,
  -- Whether it was given up because it was not to be sent any more, such as one that the recipient unsubscribed from. That is
  -- no failure.
  is_cancelled     boolean not null default false,
  -- The span that queued it (W3C Trace Context); null while traces are off.
  traceparent     text,
  constraint mails_event_uid_unique unique (event_uid),
  constraint mails_kind_form check (kind ~ '^[a-zA-Z]+$' and length(kind) <= 63),
  constraint mails_recipient_form check (recipient ~ '^[^@\s]+@[^@\s]+$' and length(recipient) <= 254),
  constraint mails_subject_length check (length(subject) between 1 and 255),
  constraint mails_sent_at_or_failed_at check (sent_at is null or failed_at is null),
  constraint mails_is_cancelled_only_failed check (not is_cancelled or failed_at is not null),
  constraint mails_traceparent_length check (length(traceparent) = 55)
);

-- For exportPersonalData, deleteMailsOf: mail to an address.
create index mails_by_recipient on mails (lower(recipient), id desc);

-- For listMails: mail about a license; one mail may be about many.
create index mails_by_license on mails using gin (license_ids)
where license_ids is not null;

-- For listMails: mail about a customer, newest first.
create index mails_by_customer on mails (customer_id, id desc)
where customer_id is not null;

-- For listMails: mail to a user, newest first.
create index mails_by_user on mails (user_id, id desc)
where user_id is not null;

-- For listMails: the mail of an invitation.
create index mails_by_invitation on mails (invitation_id, id desc)
where invitation_id is not null;

-- For getFailedMails: mails that failed lately.
create index mails_failed on mails (failed_at)
where failed_at is not null and not is_cancelled;

-- For claimMails: mails to send, in the order they are due. Those that no event causes come first: someone waits for a
-- sign-in link, and ten thousand reminders may be due.
create index mails_waiting on mails ((event_uid is not null), next_attempt_at)
where sent_at is null and failed_at is null;

-- Subject and text of the mails that an owner has changed; the others are standard
-- (server/domain/mail/kinds.ts).
create table mail_templates (
  kind       text not null,
  subject    text not null,
  body       text not null,
  updated_at timestamptz not null,
  constraint mail_templates_pkey primary key (kind),
  constraint mail_templates_subject_length check (length(subject) between 1 and 200),
  constraint mail_templates_body_length check (length(body) between 1 and 10000)
);

-- Addresses that got mail which can be unsubscribed from, and from which kinds they unsubscribed. The token is in
-- the links of those mails. It permits nothing else, and links stay valid when the encryption key is replaced.
create table mail_subscriptions (
  -- In lower case.
  email        text not null,
  token        uuid not null default gen_random_uuid(),
  -- Names of server/domain/mail/kinds.ts.
  unsubscribed text[] not null default '{}',
  created_at   timestamptz not null,
  constraint mail_subscriptions_pkey primary key (email),
  constraint mail_subscriptions_token_unique unique (token),
  constraint mail_subscriptions_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254)
);
