"""May what was bound call itself a PDF for archives (PDF/A-2b, ISO 19005-2)? Only if each of its parts may.

`job`: `parts` (files), `bound` (what was made of them), `facts` (title, what is written into the file's information),
`made`. Says `archival`; only then is `made` there. No validator: of what a part says of itself only that is tried which
authors often get wrong, or which binding could break.
"""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

# What PDF/A-2 takes out of PDF: nothing runs, nothing is fetched from elsewhere, nothing hides.
FORBIDDEN = (
    "/JavaScript", "/JS", "/Launch", "/RichMedia", "/3D", "/Movie", "/Sound", "/AA", "/PS", "/OPI", "/Ref",
)  # fmt: skip
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
SRGB = "sRGB IEC61966-2.1"
# Its names are declared on top: there are validators (PDFBox) that look nowhere else.
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{identifier}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{identifier}</dc:identifier>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def colours_of(part: Pdf) -> Object | None:
    """The colour profile of a part that is for archives; None where it is not, or has not that of the others (RGB)."""
    with part.open_metadata() as told:
        if told.get("pdfaid:part") not in ("1", "2", "3"):
            return None
    # Layers: who shows which of them differs.
    if part.is_encrypted or "/OCProperties" in part.Root:
        return None
    if any(_speaks_against(one) for one in part.objects if isinstance(one, Dictionary | Stream)):
        return None
    profiles = [one.get("/DestOutputProfile") for one in part.Root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    return next((one for one in profiles if one is not None and one.get("/N") == 3), None)


def _speaks_against(one: Any) -> bool:
    if any(name in one or one.get("/S") == name for name in FORBIDDEN):
        return True
    if one.get("/Type") == "/Font" and one.get("/Subtype") not in ("/Type0", "/Type3"):
        return not any(name in one.get("/FontDescriptor", {}) for name in FONT_FILES)
    if one.get("/Subtype") == "/Image":
        return bool(one.get("/Interpolate", False)) or "/Alternates" in one
    return isinstance(one, Stream) and "LZW" in str(one.get("/Filter", ""))


def describe(bound: Pdf, profile: Object, facts: dict[str, str]) -> None:
    """Say that it is PDF/A-2b, in the colours that its parts have."""
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(SRGB),
        Info=String(SRGB),
        DestOutputProfile=bound.copy_foreign(profile),
    )
    bound.Root.OutputIntents = Array([bound.make_indirect(intent)])
    words = {name: escape(told) for name, told in facts.items()}
    bound.Root.Metadata = bound.make_stream(XMP.format(**words).encode(), Type=Name.Metadata, Subtype=Name.XML)


def main() -> None:
    """Look at the parts, and describe what was made of them."""
    job = json.loads(Path("job.json").read_text("utf-8"))
    parts = [Pdf.open(name) for name in job["parts"]]
    profiles = [colours_of(part) for part in parts]
    archival = bool(profiles) and all(one is not None for one in profiles)
    if archival and profiles[0] is not None:
        with Pdf.open(job["bound"]) as bound:
            describe(bound, profiles[0], job["facts"])
            bound.save(job["made"], deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    Path("said.json").write_text(json.dumps({"archival": archival}), "utf-8")


if __name__ == "__main__":
    main()
