-- requires program 0.9.0
-- Leads: institutions before they become customers, their contacts, and what was discussed.

-- A form of a name that is equal for names which look alike: full-width letters and the like are folded (NFKC), invisible
-- characters removed, runs of blanks are one blank, case is ignored.
create function comparable(value text) returns text
language sql immutable parallel safe strict
return lower(trim(regexp_replace(
  normalize(regexp_replace(value, '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]', '', 'g'), nfkc),
  '\s+', ' ', 'g'
)));

-- An institution, the subject of a lead.
create table institutions (
  id          bigint generated always as identity primary key,
  name        text not null,
  -- "university", "company", "government", or a type of the owner's own.
  type        text not null,
  stage       text not null,
  website     text,
  city        text,
  country     text,
  notes       text not null default '',
  tags        text[] not null default '{}',
  -- The customer that a won lead became.
  customer_id bigint references customers,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  deleted_at  timestamptz,
  constraint institutions_name_present check (length(name) between 1 and 255),
  constraint institutions_type_form check (type ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint institutions_stage_known
    check (stage in ('new', 'contacted', 'qualified', 'proposal', 'won', 'lost'))
);

-- For listLeads: by name.
create index institutions_by_name on institutions (lower(name), id)
where deleted_at is null;

-- For listLeads: leads in a stage, newest first.
create index institutions_by_stage on institutions (stage, id desc)
where deleted_at is null;

-- For listLeads: leads of a type, newest first.
create index institutions_by_type on institutions (type, id desc)
where deleted_at is null;

-- For listLeads: deleted leads. For getLeadStats: the contacts that do not count.
create index institutions_deleted on institutions (id)
where deleted_at is not null;

-- For listLeads: leads with a tag; few have one.
create index institutions_by_tag on institutions using gin (tags)
where tags <> '{}';

-- For LeadDuplicates: duplicates of imported leads.
create index institutions_by_comparable_name on institutions (comparable(name))
where deleted_at is null;

-- For getDataSubject: the institution that became a customer.
create index institutions_by_customer on institutions (customer_id)
where customer_id is not null;

-- For listLeads, searchEverything: a part of the name.
create index institutions_search on institutions using gin (name gin_trgm_ops)
where deleted_at is null;

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

-- For listContacts: the contacts of an institution.
create index contacts_by_institution on contacts (institution_id, id);

-- For listLeads, searchEverything: a part of the name or address.
create index contacts_search on contacts using gin (name gin_trgm_ops, email gin_trgm_ops)
where deleted_at is null;

-- An activity on a lead: a call, a mail, a meeting, a note or a change of stage.
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

-- For listActivities: the activities of a lead, latest first.
create index lead_activities_by_institution on lead_activities (institution_id, happened_at desc, id desc);

-- For getLeadStats: recent activities of all leads.
create index lead_activities_by_time on lead_activities (happened_at);
