using System.Text.Json.Serialization;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>What a contact sent. Only these are published.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageKind>))]
public enum MessageKind
{
    /// <summary>WhatsApp's text.</summary>
    Text,

    /// <summary>A template's quick reply.</summary>
    Button,

    /// <summary>A button, list or flow reply.</summary>
    Interactive,

    /// <summary>WhatsApp's image.</summary>
    Image,

    /// <summary>WhatsApp's audio.</summary>
    Audio,

    /// <summary>WhatsApp's video.</summary>
    Video,

    /// <summary>WhatsApp's document.</summary>
    Document,

    /// <summary>WhatsApp's sticker.</summary>
    Sticker,

    /// <summary>WhatsApp's location.</summary>
    Location,

    /// <summary>WhatsApp's contacts.</summary>
    Contacts,

    /// <summary>WhatsApp's order.</summary>
    Order,

    /// <summary>A changed message.</summary>
    Edit,

    /// <summary>A message taken back.</summary>
    Revoke,
}
