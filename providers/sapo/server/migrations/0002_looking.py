from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_those_with_a_colour(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    images = apps.get_model("sapo_server", "Image").objects
    images.exclude(average_colour="").update(is_looked_at=True)


class Migration(migrations.Migration):
    dependencies = [("sapo_server", "0001_initial")]

    operations = [
        migrations.AddField("image", "is_damaged", models.BooleanField(default=False, editable=False)),
        migrations.AddField("image", "is_looked_at", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(note_those_with_a_colour, migrations.RunPython.noop),
        migrations.AddIndex(
            "image",
            models.Index(
                fields=["id"],
                condition=models.Q(is_pending=False, is_looked_at=False),
                name="sapo_image_unseen",
            ),
        ),
    ]
