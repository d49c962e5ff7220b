//! The kinds of event that the traffic model produces. A scenario says what each collects, about whom.

/// What happened. The number is the column value in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A text message to one person.
    TextMessage,
    /// A photo to one person.
    PhotoMessage,
    /// A voice note to one person.
    VoiceMessage,
    /// A video to one person.
    VideoMessage,
    /// A document, location or contact card to one person.
    OtherMessage,
    /// A text message to a group.
    GroupText,
    /// A photo to a group.
    GroupPhoto,
    /// A voice note to a group.
    GroupVoice,
    /// A video to a group.
    GroupVideo,
    /// Anything else to a group.
    GroupOther,
    /// A voice or video call.
    Call,
    /// The upload of the whole address book.
    ContactSync,
    /// The app reports device and connection to the service.
    DeviceCheckin,
    /// An account is registered, or moved to a new device.
    Registration,
    /// Name, picture or status text change.
    ProfileUpdate,
    /// A person enters a group.
    GroupJoin,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Kind; 16] = [
        Kind::TextMessage,
        Kind::PhotoMessage,
        Kind::VoiceMessage,
        Kind::VideoMessage,
        Kind::OtherMessage,
        Kind::GroupText,
        Kind::GroupPhoto,
        Kind::GroupVoice,
        Kind::GroupVideo,
        Kind::GroupOther,
        Kind::Call,
        Kind::ContactSync,
        Kind::DeviceCheckin,
        Kind::Registration,
        Kind::ProfileUpdate,
        Kind::GroupJoin,
    ];
    /// Number of kinds.
    pub const COUNT: usize = Self::ALL.len();

    /// The id in scenarios and tables.
    pub fn id(self) -> &'static str {
        match self {
            Kind::TextMessage => "text_message",
            Kind::PhotoMessage => "photo_message",
            Kind::VoiceMessage => "voice_message",
            Kind::VideoMessage => "video_message",
            Kind::OtherMessage => "other_message",
            Kind::GroupText => "group_text",
            Kind::GroupPhoto => "group_photo",
            Kind::GroupVoice => "group_voice",
            Kind::GroupVideo => "group_video",
            Kind::GroupOther => "group_other",
            Kind::Call => "call",
            Kind::ContactSync => "contact_sync",
            Kind::DeviceCheckin => "device_checkin",
            Kind::Registration => "registration",
            Kind::ProfileUpdate => "profile_update",
            Kind::GroupJoin => "group_join",
        }
    }

    /// The kind of an id.
    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.id() == id)
    }

    /// Whether an event of this kind names other people.
    pub fn has_counterparty(self) -> bool {
        (self as u8) <= Kind::ContactSync as u8
    }

    /// Whether it is a message, to a person or to a group.
    pub fn is_message(self) -> bool {
        (self as u8) <= Kind::GroupOther as u8
    }

    /// Whether it is a message to a group.
    pub fn is_group_message(self) -> bool {
        (Kind::GroupText as u8..=Kind::GroupOther as u8).contains(&(self as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_agree() {
        for (i, k) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(k as usize, i);
            assert_eq!(Kind::from_id(k.id()), Some(k));
        }
        assert_eq!(Kind::from_id("smoke_signal"), None);
    }
}
