-- What an attempt sent, so that it can be looked at as it went out: where to, and with which headers. The body is the
-- event's own and the same on every attempt. Null where the attempt is older than this.
--
-- Headers are by name; those that an owner added stand here with null, for their values are secrets of the receiver's.
alter table webhook_attempts add column url text;
alter table webhook_attempts add column headers jsonb;
