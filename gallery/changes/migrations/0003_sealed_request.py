from django.db import migrations, models


class Migration(migrations.Migration):
    """The field has a plainer name; the column keeps its own, so that a database changes in nothing."""

    dependencies = [
        ("changes", "0002_jobs"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("change", "sealed_wish", "sealed_request"),
                migrations.AlterField(
                    "change", "sealed_request", models.TextField(blank=True, db_column="sealed_wish")
                ),
            ],
        ),
    ]
