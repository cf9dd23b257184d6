using System.Globalization;
using System.Resources;
using WpAsis.AiResponder.Profiles;

namespace WpAsis.AiResponder.Replies;

/// <summary>The fixed texts that a contact may get, from resources, in the contact's language.</summary>
internal static class ReplyTexts
{
    private static readonly ResourceManager Resources = new(typeof(ReplyTexts).FullName!, typeof(ReplyTexts).Assembly);

    public static string Unreadable(string language) => Get(nameof(Unreadable), language);

    public static string Late(string language, ProfileText profile) => WithPerson(Get(nameof(Late), language), language, profile);

    public static string Failed(string language, ProfileText profile) => WithPerson(Get(nameof(Failed), language), language, profile);

    public static string Declined(string language, ProfileText profile) => WithPerson(Get(nameof(Declined), language), language, profile);

    private static string WithPerson(string text, string language, ProfileText profile) =>
        profile.HumanContact.Length == 0
            ? text
            : text + " " + string.Format(CultureInfo.GetCultureInfo(language), Get("Person", language), profile.HumanContact);

    private static string Get(string name, string language) =>
        Resources.GetString(name, CultureInfo.GetCultureInfo(language)) ?? throw new MissingManifestResourceException(name);
}
