"""Gives the names that are loaded already their edition and their keys."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from incidents.addresses.keys import RANKS, key_of, letters_of, pairs_of, syllable_pairs


def fill(apps, schema_editor):
    Place, Edition = apps.get_model("incidents", "Place"), apps.get_model("incidents", "PlaceEdition")
    for centre in Place.objects.values_list("centre_id", flat=True).distinct():
        now = timezone.now()
        edition = Edition.objects.create(
            centre_id=centre,
            state="current",
            source="before editions",
            digest="",
            datum="WGS84",
            made_at=now,
            used_from=now,
        )
        places = list(Place.objects.filter(centre_id=centre))
        for place in places:
            key = key_of(place.name)
            syllables, place.pinyin, place.initials = letters_of(key)
            place.edition, place.name_key, place.rank = edition, key, RANKS.get(place.kind, 5)
            place.grams = list(dict.fromkeys([*pairs_of(key), *syllable_pairs(syllables)]))
        names = ["edition", "name_key", "rank", "pinyin", "initials", "grams"]
        Place.objects.bulk_update(places, names, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_places")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="place",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="places", to="incidents.placeedition"
            ),
        ),
        migrations.AlterField(model_name="place", name="rank", field=models.PositiveSmallIntegerField()),
        migrations.AlterField(
            model_name="place", name="name_key", field=models.CharField(db_collation="C", max_length=80)
        ),
    ]
