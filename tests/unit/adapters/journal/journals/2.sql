PRAGMA application_id = 1668243811;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE record (
            session INTEGER NOT NULL REFERENCES session (id),
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            "at" REAL NOT NULL,
            "set" INTEGER,
            "rep" INTEGER,
            "reps" INTEGER,
            "load" REAL,
            "unit" TEXT,
            "tempo" TEXT,
            "left" INTEGER,
            "what" TEXT,
            "phase" TEXT,
            "exercise" TEXT,
            "sets" INTEGER,
            "rest" INTEGER,
            "earlier" TEXT,
            "name" TEXT,
            "value" TEXT, "sort" TEXT, "side" TEXT, "structure" TEXT,
            PRIMARY KEY (session, number)
        ) WITHOUT ROWID
        ;
INSERT INTO "record" VALUES(1,1,'rep',12.5,1,3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,2,'set',20.0,1,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,3,'set',20.0,2,NULL,8,92.5,'kg',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,4,'correction',21.25,2,1,NULL,NULL,NULL,NULL,NULL,'BackLifted',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,5,'stop',22.0,2,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,6,'pain',23.0,2,1,NULL,NULL,NULL,NULL,NULL,'Dizzy',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,7,'stuck',24.0,2,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,8,'workout',60.0,NULL,NULL,11,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE session (
            id INTEGER PRIMARY KEY,
            began TEXT NOT NULL UNIQUE,
            second REAL NOT NULL,
            lifter TEXT NOT NULL DEFAULT ''
        );
INSERT INTO "session" VALUES(1,'2026-01-01T00:00:00+00:00',1767225600.0,'');
CREATE INDEX session_second ON session (second);
CREATE INDEX record_set ON record (session) WHERE kind = 'set';
CREATE INDEX record_preference ON record (session, number, "name", "value") WHERE kind = 'preference';
COMMIT;
