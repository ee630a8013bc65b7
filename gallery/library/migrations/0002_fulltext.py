"""Full text (gallery/library/fulltext.py): an index that follows `library_photo.words` by itself."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE library_words USING fts5(
        words, content='library_photo', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER library_words_insert AFTER INSERT ON library_photo BEGIN
        INSERT INTO library_words(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER library_words_delete AFTER DELETE ON library_photo BEGIN
        INSERT INTO library_words(library_words, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER library_words_update AFTER UPDATE OF words ON library_photo
        WHEN old.words <> new.words BEGIN
        INSERT INTO library_words(library_words, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO library_words(rowid, words) VALUES (new.id, new.words); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER library_words_update",
    "DROP TRIGGER library_words_delete",
    "DROP TRIGGER library_words_insert",
    "DROP TABLE library_words",
]
POSTGRESQL = [
    """ALTER TABLE library_photo ADD COLUMN search tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED""",
    "CREATE INDEX library_photo_search ON library_photo USING gin (search)",
]
POSTGRESQL_BACK = ["ALTER TABLE library_photo DROP COLUMN search"]


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.RunPython(
            _run({"sqlite": SQLITE, "postgresql": POSTGRESQL}),
            _run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}),
        )
    ]
