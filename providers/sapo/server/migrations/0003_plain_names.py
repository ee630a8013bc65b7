"""Two fields get plain names; their columns and the index keep theirs, so the database does nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sapo_server", "0002_looking")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("image", "sapo_image_unseen"),
                migrations.RenameField("image", "is_looked_at", "is_processed"),
                migrations.AlterField(
                    "image",
                    "is_processed",
                    models.BooleanField(db_column="is_looked_at", default=False, editable=False),
                ),
                migrations.AddIndex(
                    "image",
                    models.Index(
                        fields=["id"],
                        condition=models.Q(is_pending=False, is_processed=False),
                        name="sapo_image_unseen",
                    ),
                ),
                migrations.RenameField("person", "shelf_version", "page_version"),
                migrations.AlterField(
                    "person",
                    "page_version",
                    models.PositiveBigIntegerField(db_column="shelf_version", default=0, editable=False),
                ),
            ],
        ),
    ]
