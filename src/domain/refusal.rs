//! The one table of answers: each reason with its signal, what it says and what to do next.

use super::answer::Signal;

macro_rules! reasons {
    ($($name:ident $signal:ident $says:literal $next:literal)*) => {
        /// Why the desk answered as it did. Stored by its number: new reasons go at the end, none is ever taken out.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Reason {
            $(#[doc = $says] $name,)*
        }

        impl Reason {
            /// Every reason, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What the clerk hears.
            pub const fn signal(self) -> Signal {
                match self { $(Self::$name => Signal::$signal,)* }
            }

            /// What happened; words in backquotes stand for the answer's parameters.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }

            /// What to do next; empty where nothing needs doing.
            pub const fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }

            /// The reason's name, as logs and metrics show it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

reasons! {
    ReceivedHere Arrived "It is here; its way has ended." ""
    ReceivedOnHold Arrived "It is here and may not leave." "It may not go on: ask the library."
    ReceivedFor Look "It is here and meant for `place`." "Send it on to the place named, or keep it if the plan has changed."
    ReceivedTakenOut Look "It is here, taken from shelf `place`." "Scan its destination's card next, or file it again."
    CombinedSeen Look "A temporary folder whose papers now lie in the original." "Put its papers into the original and hand the empty cover to the library."
    SentTo Sent "On its way to `place`." ""
    LeftAt Sent "Left at `place`, where nobody scans." ""
    Filed Filed "On shelf `place`." ""
    Packed Packed "In container `place`." ""
    PackedElsewhere Packed "In container `place`, which goes to `other`, not where the folder was bound." ""
    ContainerReceived Arrived "Container `place` is here with what is in it." ""
    ContainerReceivedFor Look "Container `place` is here and meant for `other`." "Send it on to the place named."
    ContainerSent Sent "Container `place` is on its way to `other`." ""
    ContainerPacked Packed "Container `place` is in container `other`." ""
    Emptied Arrived "`count` folders by the log were in container `place` and are here, not confirmed." ""
    ListSent Sent "`count` folders are on their way to `place`." ""
    ListSentSomeHeld Look "`count` folders sent to `place`; `aside` are on hold and stay." "Put the folders on hold aside."
    SeenHere Arrived "It is standing here." ""
    SignedOn Told "`person` works here now." ""
    StillSignedOn Told "`person` was signed on already." ""
    Receiving Told "The next folders are received." ""
    SendingTo Told "The next folders are sent to `place`." ""
    Filing Told "The next folders are filed." "Scan the shelf's label."
    FilingAt Told "The next folders are filed on `place`." ""
    PackScanContainer Told "PACK is open." "Scan the container's label."
    PackingInto Told "The next folders go into container `place`." ""
    EmptyScanContainer Told "EMPTY is open." "Scan the container's label."
    Asking Told "The next scan only asks." ""
    TakingOut Told "The next folder is taken out of this batch." ""
    Listed Told "ALL: `count` folders received here are on the list." "Scan the card of the place they go to."
    ListTo Told "`count` folders to `place`." "OK sends them. END drops the list."
    TakenOffList Told "Taken off the list; `count` are left." ""
    WrongCardScanCard Told "WRONG-CARD is open." "Scan the right card."
    Ended Told "Ended: `count` in, `aside` aside." "Count the pile."
    NothingOpen Told "Nothing was open." ""
    Located Told "Where it is." ""
    PatientVolumes Told "The patient has `count` folders." ""
    PatientUnknown Told "No folders are known under this number." "Check the number, or ask the library."
    SeenAgain Told "Scanned already in this batch." ""
    NothingToConfirm Told "Nothing to confirm." ""
    ReadIt Told "Taken as read." ""
    StopLeft Told "Left as it is; nothing else was closed." ""
    UndoneHere Arrived "Taken back: it is here." ""
    UndoneOnItsWay Sent "Taken back: it is on its way to `place`." ""
    UndoneFiled Filed "Taken back: it is filed on `place`." ""
    UndonePacked Packed "Taken back: it is in container `place`." ""
    UndoneNothing Told "Taken back: where it is is not known now." ""
    UndoneMovedOn Told "Taken back, but it was scanned at `place` since and stays there." ""
    UndoneBatch Told "`count` folders taken back; `aside` were scanned elsewhere since and stay there." ""
    Resent Sent "`count` folders now go to `place`; `aside` stay where they were scanned since or are on hold." ""
    QuestionAnswered Told "The question is settled." ""
    Recorded Told "Recorded." ""
    FromNowOn Look "From now on to `place`; the folder before the card stays here." "Scan it again to send it."
    UnknownLabel Refused "This label names no known folder." "Put the folder aside for the library."
    Unreadable Refused "The scanner sent something that is no barcode." "Scan it again."
    Misread Refused "A check digit is wrong." "Scan it again; if it fails again, put it aside."
    HalfRead Refused "Half a barcode arrived." "Scan it again."
    TooLong Refused "Too much arrived at once." "Scan it again, one barcode at a time."
    JoinedReads Refused "Two barcodes arrived as one." "Scan both again, one at a time."
    ProgrammingCode Refused "That is a scanner's programming code, not a label." "Put the programming sheet away and scan a label."
    UnknownGs1 Refused "This GS1 barcode names no folder and no patient." "Scan the folder's own label."
    CardNotInUse Refused "This card is not in use here." "Use the cards on the desk card."
    SignOnFirst Refused "Scan your badge first." "Scan your badge, then this again."
    FolderFirst Refused "Folder first, or FILE." "Scan a folder, then its shelf; or scan FILE first."
    ShelfFirst Refused "Scan the shelf first." "Scan the shelf's label, then the folder again."
    ContainerFirst Refused "Scan the container first." "Scan the container's label."
    NotAContainer Refused "This is not a container." "Scan the container's label, or END."
    NotAShelfHere Refused "This is not a shelf of this library." "Scan a shelf of this library."
    PlaceClosed Refused "`place` is closed." "Ask where its folders go now."
    ActEnded Refused "Sending to `place` has ended; this folder was not recorded." "Scan the card to go on, or RECEIVE."
    FilingEnded Refused "FILE has ended; this folder was not recorded." "Scan FILE to go on, or RECEIVE."
    PackingEnded Refused "Packing into `place` has ended; this folder was not recorded." "Scan PACK and the container to go on, or RECEIVE."
    ListDropped Refused "The list has ended; nothing was sent." "Scan ALL to begin again."
    AskLapsed Told "The question card has lapsed." "Scan it again."
    ListEmpty Refused "No folder was received here that is still here." "Scan the folders first."
    NothingToUndo Refused "Nothing to take back." ""
    UndoTooOld Refused "That was more than 30 minutes ago." "Scan the folders again to say where they are."
    NotInBatch Refused "This folder is not in this batch." ""
    InsideItself Refused "A container cannot go into itself." "Scan another container."
    TooDeep Refused "Containers nest at most four deep." "Empty one first."
    DeskLocked Refused "This scanner is not paired with this desk: nothing was recorded." "Scan your badge, then the desk's pairing card."
    NoSuchNumber Refused "There is no such number to choose." "Choose one of those shown."
    TooMany Refused "More folders than one act may move." "Scan END and do it in two parts."
    OnHold Stop "On hold: it may not leave." "Put it aside. OK sends it all the same; END leaves it here."
    Restricted Stop "Restricted: it may not leave unasked." "Put it aside. OK sends it all the same; END leaves it here."
    RecordedGone Stop "By the log this folder was destroyed or transferred." "Put it aside for a librarian. OK: I have read it."
    WhichVolume Stop "This label names `count` volumes." "Which is it? Press or scan its number, 1 to 9."
    ContainerNotEmpty Stop "By the log container `place` still holds `count`." "OK: add to it. EMPTY: it was empty."
    CardFirst Stop "Card first, then folder. Are the last three right?" "OK: they are right. WRONG-CARD: they are not."
    ListChanged Stop "`count` folders, not `aside`." "OK sends those. END drops the list."
    ListLeft Told "The list is dropped; nothing was sent." ""
    RightCardFirst Refused "WRONG-CARD waits for the right card." "Scan the right card, then this folder again."
    Paired Told "This scanner belongs to this desk." ""
    ScannerLost Refused "The scanner is lost." "Plug it in again, then scan on from the next."
    ScannerBack Told "The scanner is back." ""
    SettledAt Told "It is at `place`." ""
    SettledNotKnown Told "It is recorded that nobody knows where it is." ""
    SettledGone Told "It is gone, as recorded." ""
    SettledAllowed Told "It was allowed." ""
    SettledSeenTo Told "It was not allowed, and has been seen to." ""
    QuestionOver Told "This was no longer open. Nothing was changed." ""
    QuestionChanged Refused "It has changed since it was shown. Nothing was changed." "Look at it again, then answer."
    BadgeUnknown Refused "No badge that is known here was given. Nothing was changed." "Scan the badge of a librarian or a manager."
    NotALibrarian Refused "`person` may not settle this. Nothing was changed." "A librarian or a manager may: scan their badge."
    LabelAssigned Told "The label names this folder from now on. Kept scans now in its history: `count`." ""
    KeptPlaced Told "Kept scans now in the folder's history: `count`." ""
    LabelSetAside Told "Set aside as no folder." ""
    LabelTaken Refused "The label names another folder already. Nothing was changed." "Open that folder's page, and compare the papers."
    LabelIsPlace Refused "That is the label of a place or container: `place`. Nothing was changed." "Set it aside."
    LabelIsBadge Refused "That is the badge of `person`. Nothing was changed." "Set it aside."
    LabelIsCard Refused "That is a command card. Nothing was changed." "Set it aside."
    LabelIsPatient Refused "That names a patient, not a folder. Nothing was changed." "Set it aside, and scan the folder's own label."
    LabelIsMisread Refused "That is a misread of one of our own labels: a check digit is wrong. Nothing was changed." "Set it aside, and scan the folder again."
    LabelIsOurs Refused "That is a label in our own form which was never given here. Nothing was changed." "Set it aside, and ask where the label came from."
    MadeUp Told "The folder is made up. It counts as not yet seen until its label is scanned." "Print its label, put it on, and scan it."
    MayNotMake Refused "`person` may not make up folders. Nothing was made." "A clerk, a librarian or a manager may: scan their badge."
    MakingChanged Refused "It has changed since the form was opened. Nothing was made." "Look for the patient again."
    CasenoteFull Refused "The casenote has as many volumes as it can have. Nothing was made." "Ask the library to begin a new casenote."
    CasenoteTaken Refused "There is a casenote with this number already. Nothing was made." "Make a new volume of it, or check the number."
    PatientTaken Refused "A patient with this hospital number is known already. Nothing was made." "Look for the number, and compare."
    LooksAlike Refused "Somebody much like this patient is known. Nothing was made." "Compare them, and say that it is somebody else, or choose them."
    MakerUnknown Refused "No badge that is known here was given. Nothing was made." "Scan your badge."
    AskingLabel Told "The next scan prints a folder's label again." "Scan the folder, or type its number."
    LabelPrinting Told "A new label is printing." "Stick it on, then scan it."
    LabelQueued Told "A new label waits to be printed: this desk has no label printer." "Print it from the page of labels, stick it on, then scan it."
    WhichLabel Stop "A label for which of `count` volumes?" "Press or scan its number, 1 to 9. END: none."
    LabelNotAFolder Refused "This is not a folder." "Print its label from its own page."
    OtherDesksCard Refused "This is another desk's pairing card." "Scan the pairing card of this desk."
    PairedAsking Told "This scanner belongs to this desk. Record the `count` scans that were refused before?" "OK: record them, each at its own time. END: leave them."
    KeptBegun Told "The refused scans are being recorded: `count`." ""
    KeptDone Told "Refused scans recorded at their own time: `count`." ""
    KeptDoneAside Look "Refused scans looked at: `count`. Not all are done: `aside`." "See what lies aside."
    KeptLeft Told "The `count` refused scans are left; nothing was recorded." "Scan those folders again to say where they are."
    KeptLapsed Refused "Nobody answered; the `count` refused scans were not recorded." "Scan those folders again to say where they are."
    ForeignKeyboard Refused "The scanner types as a keyboard of another country." "Use another scanner, and tell IT to set this one to a UK or US keyboard."
    ProofGoesOn Told "The proof of this scanner goes on." ""
    ProofReady Told "This scanner is ready." ""
    ProofWrong Told "A setting of this scanner is not as it should be." ""
    ProofLapsed Told "The proof of a scanner has ended before its end." "Scan number 1 of its sheet to begin again."
    AskingMissing Told "MISSING: the next scan opens a search." "Scan or type the folder's number, or scan the wristband."
    SearchOpened Told "A search is open." "Its page says where to look, in which order."
    SearchJoined Told "It is being searched for already; what you said is added." "Its page says where to look next."
    MissingElsewhere Stop "By the log it is at `place`." "Ring there first. OK: not there either, open a search. END: leave it."
    WhichMissing Stop "Which of `count` volumes is missing?" "Press or scan its number, 1 to 9. END: none."
    MissingGone Refused "By the log this folder was destroyed or transferred. No search was opened." "Ask a librarian."
    MissingCombined Refused "Its papers lie in the original. No search was opened." "Look for the original instead."
    MissingNotAFolder Refused "This is not a folder. No search was opened." "Scan or type the folder's number."
    NotThereNoted Told "Noted: looked, not there." ""
    CannotLookNoted Told "Noted: nobody can look there now." ""
    FoundNoted Told "Noted: found." "Scan it where it is, so that all know."
    LookKnown Told "Noted already." ""
    NobodyCanLook Refused "Nobody can look there. Nothing was noted." "Choose a place of the plan."
    WhereNoted Told "Noted where it was." ""
    SearchUnknown Refused "There is no such search. Nothing was changed." "Look at the folder's page."
    SearchOver Told "This was no longer so. Nothing was changed." ""
    DeclaredMissing Told "Declared missing. A scan of it anywhere still rings." ""
    SearchClosed Told "The search is closed." ""
    SearchGoesOn Told "The search goes on." ""
    MayNotDeclare Refused "`person` may not declare a folder missing. Nothing was changed." "A manager may: scan their badge."
    MayNotEndSearch Refused "`person` may not end or reopen a search. Nothing was changed." "A librarian or a manager may: scan their badge."
    CombineScanTemporary Told "COMBINE: scan the temporary folder." "Then scan the original."
    CombineScanOriginal Told "Now scan the original." ""
    Combined Told "Combined: the papers of the temporary folder lie in the original." "Hand the empty cover to the library; its label is used no more."
    NotTemporary Refused "This is no temporary folder. Nothing was combined." "COMBINE, then the temporary folder, then the original."
    NotItsOriginal Refused "This is not the original of that temporary folder. Nothing was combined." "COMBINE, then the temporary folder, then the original."
    CombineAcross Stop "The two are of one patient, under two numbers." "OK: combine them. END: leave them."
    CombineFirst Stop "The temporary folder and the original are to be combined first." "COMBINE, temporary, original. OK: a librarian files it all the same. END leaves it here."
    LibrarianFiles Refused "Only a librarian files it before it is combined." "Scan a librarian's badge, then OK; or END, and combine them."
    WantedHere Look "It is here, and wanted at `place`." "Put it aside for the clinic."
    WantedFiled Look "It is filed on `other`, and wanted at `place`." "Take it out again and put it aside for the clinic."
    SweepScanPlace Told "SWEEP is open." "Scan the label of the shelf, or the card of the room."
    Sweeping Told "The next folders are seen at `place`." "Scan every folder in the order in which it stands. END when you stop."
    SweepGoesOn Told "The sweep of `place` goes on: `count` scanned so far." "Scan every folder in the order in which it stands. END when you stop."
    SeenElsewhere Arrived "It is standing at `place`; by the log it was at `other`." ""
    SeenStray Arrived "It is standing at `place` and belongs on `other`." "Take it out, to be filed there."
    ContainerSeen Arrived "Container `place` is standing at `other`, with what is in it." ""
    SweepEnded Told "The sweep has ended." ""
    SweepEndedRoom Told "The sweep has ended." ""
    SweepWhole Told "It was the whole room." ""
    SweepStopped Refused "Sweeping `place` has ended; this folder was not recorded." "Scan SWEEP and the place to go on, or RECEIVE."
    SweepPlaceFirst Refused "Scan the place first." "Scan the label of the shelf or the card of the room, then this folder again."
    LookTakenBack Told "Taken back: that look does not count." ""
}

impl Reason {
    /// The reason's number in the store.
    pub fn number(self) -> u8 {
        Self::ALL
            .iter()
            .position(|reason| *reason == self)
            .and_then(|at| u8::try_from(at).ok())
            .unwrap_or(u8::MAX)
    }

    /// Whether the scanner, not the clerk, is to blame: what it sent was no barcode, or not the one that was there.
    pub const fn is_bad_read(self) -> bool {
        matches!(
            self,
            Self::Unreadable
                | Self::Misread
                | Self::HalfRead
                | Self::TooLong
                | Self::JoinedReads
                | Self::ProgrammingCode
                | Self::ForeignKeyboard
                | Self::UnknownGs1
        )
    }

    /// The reason with this number.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_refusal_and_stop_says_what_to_do_next_or_is_about_undoing() {
        for reason in Reason::ALL {
            let needs_words = matches!(reason.signal(), Signal::Look | Signal::Refused | Signal::Stop);
            let undoing = matches!(reason, Reason::NothingToUndo | Reason::NotInBatch);
            assert!(!needs_words || undoing || !reason.next_step().is_empty(), "{reason:?}");
        }
    }

    #[test]
    fn a_reason_keeps_its_number() {
        for reason in Reason::ALL {
            assert_eq!(Reason::numbered(reason.number()), Some(*reason));
        }
        assert!(Reason::ALL.len() < usize::from(u8::MAX));
    }
}
