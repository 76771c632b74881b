-- requires program 0.9.0
-- When notices of a license's end are due: before its last day, after it, and after the grace that follows.

-- For recordExpiries: licenses whose expiry notice is due.
create index licenses_by_next_expiry_notice on licenses (next_expiry_notice_on)
where deleted_at is null and next_expiry_notice_on is not null;

-- The day of the first expiry notice after notified_on: before the end, the day after it, and the day after the grace
-- that follows; once all are past, the last of them. Null when there is no valid_until. A job that did not run for
-- a week finds what it missed: that day is in the past then.
create function next_expiry_notice(valid_until date, grace_days integer, notified_on date) returns date
language sql immutable as $$
  select coalesce(min(day), valid_until + grace_days + 1)
  from unnest(
    array[valid_until - 30, valid_until - 7, valid_until - 1, valid_until + 1, valid_until + grace_days + 1]
  ) as day
  where day > notified_on and valid_until is not null
$$;

-- Sets the day of the next notice when a license is issued and when its last day or its grace changes. An expired
-- license stays without one when its grace is changed to one that is over as well.
create function set_next_expiry_notice() returns trigger
language plpgsql as $$
declare
  today date := (new.updated_at at time zone 'UTC')::date;
begin
  if tg_op = 'INSERT' or old.valid_until is distinct from new.valid_until
    or old.next_expiry_notice_on is not null or new.valid_until + new.grace_days >= today
  then
    new.next_expiry_notice_on := next_expiry_notice(new.valid_until, new.grace_days, today);
  end if;
  return new;
end $$;

create trigger set_first_expiry_notice
before insert on licenses
for each row execute function set_next_expiry_notice();

create trigger set_next_expiry_notice
before update of valid_until, grace_days on licenses
for each row when (
  old.valid_until is distinct from new.valid_until or old.grace_days is distinct from new.grace_days
)
execute function set_next_expiry_notice();
