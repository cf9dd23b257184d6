using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Data;

/// <summary>Where the gateway's sealed values stand; each is bound to its place.</summary>
internal static class SealedColumns
{
    private const string Service = "messaging-gateway";

    public static SealedColumn ChannelAccessToken { get; } = new(Service, "channel", "access_token");

    public static SealedColumn ChannelDisplayNumber { get; } = new(Service, "channel", "display_number");

    public static SealedColumn ChannelVerifiedName { get; } = new(Service, "channel", "verified_name");

    public static SealedColumn ContactWaId { get; } = new(Service, "contact", "wa_id");

    public static SealedColumn ContactUserId { get; } = new(Service, "contact", "business_scoped_user_id");

    public static SealedColumn ContactParentUserId { get; } = new(Service, "contact", "parent_user_id");

    public static SealedColumn ContactUsername { get; } = new(Service, "contact", "username");

    public static SealedColumn ContactDisplayName { get; } = new(Service, "contact", "display_name");

    public static SealedColumn MessageWamid { get; } = new(Service, "message_log", "wamid");

    public static SealedColumn MediaId { get; } = new(Service, "media", "meta_media_id");
}
