-- What happened for the first time and leaves no row of its own: the first verification that succeeded. It leads whoever
-- sets the house up, and is written once.
create table milestones (
  name       text primary key,
  reached_at timestamptz not null,
  constraint milestones_name_known check (name in ('verification'))
);
