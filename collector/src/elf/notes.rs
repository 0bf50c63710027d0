//! Notes of PT_NOTE segments, and of mapped sections that are in none.
//! They are laid out as binutils reads them (include/elf/external.h): owner
//! and description begin at multiples of the segment's alignment, 4 or 8,
//! counted from the note.

use casefile_go::Source;
use casefile_snapshot::extract::elf::Note;
use goblin::container::Ctx;
use goblin::elf::program_header::{PT_NOTE, ProgramHeader as Segment};

use super::object::{Fields, Object, Text};
use super::{DESCRIPTION_BYTES, NOTE_BYTES, NOTES, STRING_BYTES, Stop, hexadecimal};

/// Bytes of the three numbers that a note begins with.
const HEADER_BYTES: usize = 12;

/// Where notes are in the file.
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) alignment: u64,
}

impl Place {
    fn overlaps(&self, other: &Self) -> bool {
        let end = |place: &Self| place.offset.saturating_add(place.size);
        self.offset < end(other) && other.offset < end(self)
    }
}

/// What was read so far.
pub(super) struct Notes {
    pub(super) kept: Vec<Note>,
    /// Bytes that may still be read.
    left: u64,
    segments: Vec<Place>,
}

impl Notes {
    /// Reads the notes of all segments, in order. What is damaged or too large
    /// is left out: the loader does not stop at it.
    pub(super) fn of_segments<S: Source>(
        object: &mut Object<'_, S>,
        segments: &[Segment],
    ) -> Result<Self, Stop> {
        let mut notes = Self {
            kept: Vec::new(),
            left: NOTE_BYTES,
            segments: Vec::new(),
        };
        for segment in segments {
            if segment.p_type == PT_NOTE {
                let place = Place {
                    offset: segment.p_offset,
                    size: segment.p_filesz,
                    alignment: segment.p_align,
                };
                notes.add(object, &place)?;
                notes.segments.push(place);
            }
        }
        Ok(notes)
    }

    /// Adds those of mapped sections that are in no segment of notes: Go's
    /// linker leaves the GNU build-id of a program out of it.
    pub(super) fn add_sections<S: Source>(
        &mut self,
        object: &mut Object<'_, S>,
        sections: &[Place],
    ) -> Result<(), Stop> {
        for place in sections {
            let is_known = self.segments.iter().any(|known| known.overlaps(place));
            if !is_known {
                self.add(object, place)?;
            }
        }
        Ok(())
    }

    fn add<S: Source>(&mut self, object: &mut Object<'_, S>, place: &Place) -> Result<(), Stop> {
        let before = self.kept.len();
        match self.read(object, place) {
            Ok(()) => {}
            Err(Stop::Io(error)) => return Err(Stop::Io(error)),
            // All of them, since a part would pass for the whole.
            Err(Stop::Damaged(_) | Stop::TooLarge(_)) => self.kept.truncate(before),
        }
        Ok(())
    }

    fn read<S: Source>(&mut self, object: &mut Object<'_, S>, place: &Place) -> Result<(), Stop> {
        let alignment = match place.alignment {
            0..=4 => 4,
            8 => 8,
            // Nobody reads such notes.
            _ => return Ok(()),
        };
        self.left = self
            .left
            .checked_sub(place.size)
            .ok_or_else(|| Stop::TooLarge(format!("more than {NOTE_BYTES} bytes of notes")))?;
        let mut rest = object.blocks.read("notes", place.offset, place.size)?;
        while let Some((found, behind)) = next(rest, object.layout, alignment) {
            if self.kept.len() == NOTES {
                return Err(Stop::TooLarge(format!("more than {NOTES} notes")));
            }
            self.kept.push(keep(&mut object.text, &found)?);
            rest = behind;
        }
        Ok(())
    }
}

/// A note as it is in the file.
struct Found<'a> {
    owner: &'a [u8],
    kind: u32,
    description: &'a [u8],
}

/// The first note, and what follows it; none where there is none, or a
/// damaged one.
fn next(bytes: &[u8], layout: Ctx, alignment: usize) -> Option<(Found<'_>, &[u8])> {
    let mut fields = Fields::new(bytes, layout);
    let owner_length = usize::try_from(fields.word()?).ok()?;
    let length = usize::try_from(fields.word()?).ok()?;
    let kind = fields.word()?;
    let owner_end = HEADER_BYTES.checked_add(owner_length)?;
    let owner = bytes.get(HEADER_BYTES..owner_end)?;
    let start = owner_end.checked_next_multiple_of(alignment)?;
    let end = start.checked_add(length)?;
    let description = match length {
        // It needs no padding before it.
        0 => &[],
        _ => bytes.get(start..end)?,
    };
    let found = Found {
        owner,
        kind,
        description,
    };
    let behind = end.checked_next_multiple_of(alignment)?;
    // Padding may be left out behind the last note.
    Some((found, bytes.get(behind..).unwrap_or_default()))
}

fn keep(text: &mut Text, note: &Found<'_>) -> Result<Note, Stop> {
    // Go pads its name with a second NUL, and counts it.
    let length = note.owner.iter().rposition(|byte| *byte != 0);
    let owner = &note.owner[..length.map_or(0, |last| last + 1)];
    if owner.len() > STRING_BYTES {
        return Err(Stop::TooLarge(format!(
            "the owner of a note is longer than {STRING_BYTES} bytes"
        )));
    }
    Ok(Note {
        owner: text.keep(owner)?.into(),
        kind: note.kind,
        description: hexadecimal(note.description, DESCRIPTION_BYTES),
    })
}
