-- The second copy: which rows beside the log were changed in place. Frozen: a later change is a new migration.

-- What was changed after it was written, the newest change of each row: the copy takes such rows once more. Rows that
-- are only added are found by their keys and cost nothing here, so a scan that does no more than move folders writes
-- nothing into it.
CREATE TABLE touched (
    -- Grows with every change.
    at  INTEGER PRIMARY KEY,
    tab TEXT NOT NULL,
    -- The row's key; the text of a label; of a number its patient; of a printed label its job times 65536, plus its place.
    row ANY  NOT NULL,
    UNIQUE (tab, row)
) STRICT;

CREATE TRIGGER place_is_touched AFTER UPDATE ON place BEGIN
    INSERT INTO touched (tab, row) VALUES ('place', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER staff_is_touched AFTER UPDATE ON staff BEGIN
    INSERT INTO touched (tab, row) VALUES ('staff', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER patient_is_touched AFTER UPDATE ON patient BEGIN
    INSERT INTO touched (tab, row) VALUES ('patient', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
-- A patient's first number is written with the patient and is found with them: only a further one is told here.
CREATE TRIGGER patient_number_is_touched AFTER INSERT ON patient_number
    WHEN NEW.patient <> (SELECT max(key) FROM patient) BEGIN
    INSERT INTO touched (tab, row) VALUES ('patient_number', NEW.patient)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
-- How many volumes it has is counted from them.
CREATE TRIGGER casenote_is_touched AFTER UPDATE OF number, site, number_type, patient ON casenote BEGIN
    INSERT INTO touched (tab, row) VALUES ('casenote', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER volume_is_touched AFTER UPDATE ON volume BEGIN
    INSERT INTO touched (tab, row) VALUES ('volume', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
-- The label that a volume is added with stands in its row.
CREATE TRIGGER label_is_touched AFTER INSERT ON label
    WHEN NEW.text IS NOT (SELECT barcode FROM volume WHERE key = NEW.volume) BEGIN
    INSERT INTO touched (tab, row) VALUES ('label', NEW.text)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER scan_text_is_touched AFTER UPDATE ON scan_text BEGIN
    INSERT INTO touched (tab, row) VALUES ('scan_text', NEW.scan)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER question_is_touched AFTER UPDATE ON question BEGIN
    INSERT INTO touched (tab, row) VALUES ('question', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER print_job_is_touched AFTER UPDATE ON print_job BEGIN
    INSERT INTO touched (tab, row) VALUES ('print_job', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER print_label_is_touched AFTER UPDATE ON print_label BEGIN
    INSERT INTO touched (tab, row) VALUES ('print_label', NEW.job * 65536 + NEW.at)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
CREATE TRIGGER appointment_is_touched AFTER UPDATE ON appointment BEGIN
    INSERT INTO touched (tab, row) VALUES ('appointment', NEW.key)
        ON CONFLICT (tab, row) DO UPDATE SET at = (SELECT max(at) + 1 FROM touched); END;
