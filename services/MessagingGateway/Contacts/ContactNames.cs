using System.Text.Json;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>
/// The names by which a webhook knows a person. None of them is ever a key; the number may be missing. It does not print itself.
/// </summary>
internal sealed class ContactNames
{
    private static readonly ContactNames Nobody = new();
    private string? _number;

    public WaId? WaId { get; private init; }

    /// <summary>The number in the form under which it is looked up. To read a number is dear, so it is read once.</summary>
    public string? Number => _number ??= WaId?.Normalized;

    public BusinessScopedUserId? UserId { get; private init; }

    public BusinessScopedUserId? ParentUserId { get; private init; }

    public Username? Username { get; private init; }

    public PersonName? Name { get; private init; }

    /// <summary>Nothing by which a person could be told from another: a username changes hands, a display name is anybody's.</summary>
    public bool IsEmpty => WaId is null && UserId is null && ParentUserId is null;

    public static ContactNames Of(string? waId, string? userId, string? parentUserId) =>
        new()
        {
            WaId = Privacy.Values.WaId.TryParse(waId, out var number) ? number : null,
            UserId = BusinessScopedUserId.TryParse(userId, out var user) ? user : null,
            ParentUserId = BusinessScopedUserId.TryParse(parentUserId, out var parent) ? parent : null,
        };

    /// <summary>An entry of a webhook's <c>contacts</c>.</summary>
    public static ContactNames OfProfile(JsonElement contact)
    {
        var ids = Of(contact.Text("wa_id"), contact.Text("user_id"), contact.Text("parent_user_id"));
        var profile = contact.Object("profile");
        return new ContactNames
        {
            WaId = ids.WaId,
            UserId = ids.UserId,
            ParentUserId = ids.ParentUserId,
            Username = Privacy.Values.Username.TryParse(profile?.Text("username") ?? contact.Text("username"), out var user) ? user : null,
            Name = PersonName.TryParse(profile?.Text("name"), out var name) ? name : null,
        };
    }

    /// <summary>
    /// Adds the profile that belongs to this person: the one with the same number or user id. Another person's profile in the same
    /// webhook is never taken; only a message that names nobody takes the profile that stands alone.
    /// </summary>
    public ContactNames WithProfile(List<ContactNames> profiles)
    {
        if (IsEmpty)
            return profiles is [var only] ? only : Nobody;
        return profiles.Find(Matches) is { } profile
            ? new ContactNames
            {
                WaId = WaId ?? profile.WaId,
                UserId = UserId ?? profile.UserId,
                ParentUserId = ParentUserId ?? profile.ParentUserId,
                Username = Username ?? profile.Username,
                Name = Name ?? profile.Name,
            }
            : this;
    }

    private bool Matches(ContactNames other) =>
        UserId is { } user && other.UserId is { } otherUser
            ? user == otherUser
            : WaId is { } number && other.WaId is { } otherNumber && number == otherNumber;
}
