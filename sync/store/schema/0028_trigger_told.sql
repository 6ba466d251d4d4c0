-- the role of ours that was told of it and hears its end; none where nobody hears that
ALTER TABLE trigger_state ADD COLUMN told TEXT
