-- What ends the remembered sessions of a user. A refresh says nothing: a session read before it knows no better for
-- a minute, and for that minute the old token is good.

create trigger notify_session_end
after update of revoked_at or delete on sessions
for each row execute function notify_change('user', 'user_id');

create trigger notify_user_change
after update of disabled_at, email, name or delete on users
for each row execute function notify_change('user', 'id');

-- A new signing key signs from now on, everywhere.
create trigger notify_signing_key_change
after insert or update of retired_at or delete on signing_keys
for each row execute function notify_change('signing_keys', 'id');
