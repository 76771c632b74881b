-- requires program 0.9.0
-- Metered use of licenses: what was used in each period, and reservations.

-- The period of a meter that a day lies in. Days and months are those of the calendar in UTC; periods of the license are
-- counted from first_day by its duration, months and years by the calendar as endOfPeriod of server/domain/calendar.ts
-- does. ends_on is inclusive; null: the period does not end.
create function meter_period(
  period text, day date, first_day date, duration text, out starts_on date, out ends_on date
)
language plpgsql immutable as $$
declare
  length integer;
  number integer;
begin
  if period = 'day' then
    starts_on := day;
    ends_on := day;
  elsif period = 'month' then
    starts_on := day - extract(day from day)::integer + 1;
    ends_on := (starts_on + interval '1 month')::date - 1;
  elsif period = 'forever' then
    starts_on := '1900-01-01';
  elsif duration is null then
    starts_on := first_day;
  elsif duration like '%D' then
    length := substring(duration from '\d+')::integer;
    number := greatest(0, (day - first_day) / length);
    starts_on := first_day + number * length;
    ends_on := least(starts_on + length, '9999-12-31'::date + 1) - 1;
  else
    length := substring(duration from '\d+')::integer * case when duration like '%Y' then 12 else 1 end;
    number := greatest(0, (
      (extract(year from day) - extract(year from first_day)) * 12 + extract(month from day) - extract(month from first_day)
    )::integer / length);
    starts_on := first_day + make_interval(months => number * length);
    -- The month of the day is that of the next period's first day, which is later in the month.
    if starts_on > day and number > 0 then
      number := number - 1;
      starts_on := first_day + make_interval(months => number * length);
    end if;
    ends_on := least(
      (first_day + make_interval(months => (number + 1) * length))::date, '9999-12-31'::date + 1
    ) - 1;
  end if;
end $$;

-- What was used of a meter in a period. The row's lock serialises those who count at the same time, so that the limit is
-- exact. Rows stay as the history of the license, also of meters that it has no more.
create table meter_usage (
  license_id   bigint not null references licenses,
  meter        text not null,
  -- The kind of the period: a meter that is counted by another one starts at 0.
  period       text not null,
  starts_on    date not null,
  -- Inclusive; null: the period does not end.
  ends_on      date,
  -- Units in the period, as the license had it when something was counted last.
  max_units    bigint not null,
  used         bigint not null default 0,
  -- The units of open reservations, lapsed ones too until they are closed.
  reserved     bigint not null default 0,
  -- No open reservation expires before it; null: there is none. From then on reserved has to be corrected first.
  first_expiry timestamptz,
  -- The highest threshold whose event was recorded, in units: the event is not recorded again in the period, also when a
  -- correction lowered what is used.
  told_units   bigint not null default 0,
  -- How far it is used, for lists: 80 percent of the limit, 100, or 101 when more than the limit is used. It changes seldom, so
  -- that counting does not touch its index.
  level        smallint not null generated always as (
    case
      when used > max_units then 101
      when used = 0 then 0
      when used = max_units then 100
      when used * 5 >= max_units * 4 then 80
      else 0
    end
  ) stored,
  updated_at   timestamptz not null,
  constraint meter_usage_pkey primary key (license_id, meter, period, starts_on),
  constraint meter_usage_meter_length check (length(meter) between 1 and 63),
  constraint meter_usage_period_known check (period in ('day', 'month', 'license', 'forever')),
  constraint meter_usage_max_units_range check (max_units >= 0),
  constraint meter_usage_used_range check (used between 0 and 9007199254740991),
  constraint meter_usage_reserved_range check (reserved between 0 and 9007199254740991)
) with (fillfactor = 80);

-- For closeLapsedReservations: periods with reservations that may have lapsed.
create index meter_usage_by_first_expiry on meter_usage (first_expiry)
where first_expiry is not null;

-- For hasMeterAt: periods near their limit that are not over.
create index meter_usage_by_level on meter_usage (level, coalesce(ends_on, 'infinity'::date), license_id)
where level > 0;

-- Units that an app holds until it commits or releases them. An open one lapses when it expires; its row says so once
-- closeLapsedReservations has found it. Ended ones stay for a day, so that a late commit is told why it is refused.
create table meter_reservations (
  -- Random: the id authenticates the app that was given it.
  id           uuid primary key,
  license_id   bigint not null,
  meter        text not null,
  period       text not null,
  starts_on    date not null,
  amount       bigint not null,
  state        text not null default 'open',
  reserved_at  timestamptz not null,
  expires_at   timestamptz not null,
  constraint meter_reservations_usage_fkey foreign key (license_id, meter, period, starts_on) references meter_usage,
  constraint meter_reservations_amount_range check (amount >= 1),
  constraint meter_reservations_state_known check (state in ('open', 'committed', 'released', 'lapsed'))
);

-- For closeLapsedReservations, listCurrentMeters: open reservations of a meter in a period, by their expiry.
create index meter_reservations_open on meter_reservations (license_id, meter, period, starts_on, expires_at)
where state = 'open';

-- For deleteEndedReservations: those that expired long ago.
create index meter_reservations_by_expiry on meter_reservations (expires_at);
