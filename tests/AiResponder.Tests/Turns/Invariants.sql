-- What must hold of turns at any moment. Returns a row for each breach: what, thread, number.

-- Numbers have no gaps.
select 'gap in the line' as breach, k.thread_id, k.last_seq
from turn_clock k
where (select count(*) from turn_message m where m.thread_id = k.thread_id) <> k.last_seq
    or (select coalesce(max(seq), 0) from turn_message m where m.thread_id = k.thread_id) <> k.last_seq

union all
-- Every answered message is in exactly one sealed or closed range.
select 'message without exactly one end', m.thread_id, m.seq
from turn_message m
join turn_clock k using (thread_id)
where m.seq <= k.answered_seq
    and (select count(*) from turn t
         where t.thread_id = m.thread_id and t.state in ('Sealed', 'Closed') and m.seq between t.from_seq and t.to_seq) <> 1

union all
-- No waiting message is in one.
select 'waiting message with an end', m.thread_id, m.seq
from turn_message m
join turn_clock k using (thread_id)
where m.seq > k.answered_seq
    and exists (select from turn t
                where t.thread_id = m.thread_id and t.state in ('Sealed', 'Closed') and m.seq between t.from_seq and t.to_seq)

union all
-- A sealed range has its reply, a closed one has none.
select 'range and reply differ', t.thread_id, t.from_seq
from turn t
where t.state in ('Sealed', 'Closed')
    and (t.state = 'Sealed') <> exists (select from reply r where r.thread_id = t.thread_id and r.from_seq = t.from_seq and r.to_seq = t.to_seq)

union all
-- One reply per turn.
select 'more than one reply', thread_id, from_seq from reply group by thread_id, from_seq having count(*) > 1

union all
-- An attempt is under way only for the messages that wait.
select 'attempt after the end', t.thread_id, t.from_seq
from turn t
join turn_clock k using (thread_id)
where t.state = 'Generating' and t.from_seq <= k.answered_seq

union all
-- No reservation is left open after the end of its turn.
select 'reservation left open', u.thread_id, u.from_seq
from usage u
join turn_clock k using (thread_id)
where u.from_seq <= k.answered_seq and u.state in ('Asked', 'Granted')

union all
-- A used reservation has its billed reply, and a billed reply its reservation.
select 'used without a reply', u.thread_id, u.from_seq
from usage u
where (u.state = 'Used') <> exists (select from reply r where r.usage_id = u.usage_id)

union all
-- What waits will be woken.
select 'nobody wakes it', thread_id, last_seq
from turn_clock
where last_seq > answered_seq and not silent and wake_at is null
