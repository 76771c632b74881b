-- Leads: institutions before they become customers, whom we know there, and what was said. And the jobs that
-- administrators ask for when something takes longer than a request should.

-- An institution, which is what a lead is about.
create table institutions (
  id          bigint generated always as identity primary key,
  name        text not null,
  -- "university", "company", "government", or whatever the owner calls it.
  type        text not null,
  stage       text not null,
  website     text,
  city        text,
  country     text,
  notes       text not null default '',
  -- The customer a won lead became.
  customer_id bigint references customers,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  deleted_at  timestamptz,
  constraint institutions_name_present check (length(name) between 1 and 255),
  constraint institutions_type_form check (type ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint institutions_stage_known check (stage in ('new', 'contacted', 'qualified', 'proposal', 'won', 'lost'))
);

-- Lists by name and by stage, and the numbers by type.
create index institutions_by_name on institutions (lower(name), id) where deleted_at is null;
create index institutions_by_stage on institutions (stage, id desc) where deleted_at is null;
create index institutions_by_type on institutions (type, id desc) where deleted_at is null;
create index institutions_by_customer on institutions (customer_id) where customer_id is not null;

-- A person at an institution.
create table contacts (
  id             bigint generated always as identity primary key,
  institution_id bigint not null references institutions,
  name           text not null,
  email          text,
  phone          text,
  position       text,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  deleted_at     timestamptz,
  constraint contacts_name_present check (length(name) between 1 and 255)
);

-- The people of an institution.
create index contacts_by_institution on contacts (institution_id, id);

-- What happened with a lead: calls, mails, meetings, notes, and each change of stage.
create table lead_activities (
  id             bigint generated always as identity primary key,
  institution_id bigint not null references institutions,
  contact_id     bigint references contacts,
  kind           text not null,
  text           text not null,
  author         text not null,
  happened_at    timestamptz not null,
  created_at     timestamptz not null,
  constraint lead_activities_kind_known check (kind in ('call', 'email', 'meeting', 'note', 'stage'))
);

-- The story of a lead, the latest first; and what is recent in all of them.
create index lead_activities_by_institution on lead_activities (institution_id, happened_at desc, id desc);
create index lead_activities_by_time on lead_activities (happened_at);

-- Work an administrator asked for that runs in the background: claimed by one worker at a time, under a lease that it
-- renews, so that another takes over when it dies.
create table jobs (
  id           bigint generated always as identity primary key,
  kind         text not null,
  -- What was asked; a file that came with it is in job_chunks.
  input        jsonb not null,
  state        text not null default 'waiting',
  total        integer,
  done         integer not null default 0,
  result       jsonb,
  error        text,
  -- In whose name it runs, as it was when it was asked for.
  administrator_id bigint references administrators,
  requested_at timestamptz not null,
  started_at   timestamptz,
  leased_until timestamptz,
  finished_at  timestamptz,
  constraint jobs_state_known check (state in ('waiting', 'running', 'done', 'failed', 'cancelled'))
);

-- What is still to be done, in the order it was asked for.
create index jobs_open on jobs (id) where state in ('waiting', 'running');

-- A file that came with a job, in pieces, so that nobody ever holds all of it.
create table job_chunks (
  job_id  bigint not null references jobs on delete cascade,
  number  integer not null,
  content bytea not null,
  constraint job_chunks_pkey primary key (job_id, number)
);

-- Which licenses a job made, so that they can be listed and exported together.
create table job_licenses (
  job_id     bigint not null references jobs on delete cascade,
  license_id bigint not null references licenses,
  constraint job_licenses_pkey primary key (job_id, license_id)
);
