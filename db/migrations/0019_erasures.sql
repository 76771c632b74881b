-- requires program 0.9.0
-- Customers and users whose personal data was erased on request. The rows refer to nothing, because they are
-- also applied to a database that was restored from an earlier backup. They hold no personal data.
create table erasures (
  kind       text not null,
  subject_id bigint not null,
  erased_at  timestamptz not null,
  constraint erasures_pkey primary key (kind, subject_id),
  constraint erasures_kind_known check (kind in ('customer', 'user'))
);

-- The facts of an event with the text of the given fields replaced and their lists emptied, so that they
-- still match the catalogue of events.
create function without_personal_facts(facts jsonb, fields text[]) returns jsonb
language sql immutable as $$
  select case
    when facts is null or facts = '{}' then facts
    else (
      select jsonb_object_agg(
        key,
        case
          when key <> all (fields) then value
          when jsonb_typeof(value) = 'string' then '"erased"'
          when jsonb_typeof(value) = 'array' then '[]'
          when jsonb_typeof(value) = 'object' then '{}'
          else value
        end
      )
      from jsonb_each(facts)
    )
  end
$$;

-- Erases the personal data of persons from the audit log: what happened and when stays, with ids and without
-- names. It runs with the rights of its owner, so that the role of the application needs no right to update
-- events. Returns how many events it changed.
create function erase_event_facts(
  customers bigint[], users bigint[], licenses bigint[], leads bigint[], contacts bigint[], fields text[]
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed bigint;
begin
  perform set_config('latchkey.erasing', pg_current_xact_id()::text, true);
  update events
  set
    actor_name = case when actor_kind = 'user' and actor_id = any (users) then 'erased' else actor_name end,
    before = without_personal_facts(before, fields),
    after = without_personal_facts(after, fields)
  where customer_id = any (customers)
    or license_id = any (licenses)
    or subject_kind = 'customer' and subject_id = any (customers)
    or subject_kind = 'user' and subject_id = any (users)
    or actor_kind = 'user' and actor_id = any (users)
    or subject_kind = 'lead' and subject_id = any (leads)
    or subject_kind = 'contact' and subject_id = any (contacts);
  get diagnostics changed = row_count;
  perform set_config('latchkey.erasing', '', true);
  return changed;
end $$;
