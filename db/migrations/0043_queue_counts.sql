-- What the workers' queues hold, as a worker measured it last; read by whoever has no way to the queues.
create table queue_counts (
  name        text primary key,
  waiting     integer not null,
  active      integer not null,
  delayed     integer not null,
  failed      integer not null,
  measured_at timestamptz not null
);
