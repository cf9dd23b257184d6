using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WpAsis.Identity.Passwords;
using WpAsis.Identity.Texts;
using WpAsis.Privacy.Values;
using WpAsis.Web.Localization;

namespace WpAsis.Identity.Accounts;

/// <summary>A registration that says what it should. Errors are keys of the page texts.</summary>
internal sealed class RegistrationForm
{
    private const int LongestBusinessName = 200;

    public required PersonName Name { get; init; }

    public required EmailAddress Email { get; init; }

    public PhoneNumber? Phone { get; init; }

    public PostalAddress? PostalAddress { get; init; }

    public required string Password { get; init; }

    public required string BusinessName { get; init; }

    public string? Country { get; init; }

    public required string Language { get; init; }

    public static bool TryRead(
        RegisterAccountRequest request,
        [NotNullWhen(true)] out RegistrationForm? form,
        out IReadOnlyDictionary<string, string> errors
    )
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        var business = request.BusinessName.Trim();
        var country = Optional(request.Country)?.ToUpperInvariant();
        if (!PersonName.TryParse(request.Name, out var name))
            faults["name"] = "NameMissing";
        if (!EmailAddress.TryParse(request.Email.Trim(), out var email))
            faults["email"] = "EmailInvalid";
        if (business.Length is 0 or > LongestBusinessName || business.Any(char.IsControl))
            faults["businessName"] = "BusinessNameMissing";
        if (country is not null && !IsCountry(country))
            faults["country"] = "CountryInvalid";
        var phone = Read<PhoneNumber>(request.Phone, "phone", "PhoneInvalid", faults);
        var postal = Read<PostalAddress>(request.PostalAddress, "postalAddress", "PostalAddressInvalid", faults);
        if (!Languages.All.Contains(request.Language, StringComparer.Ordinal))
            faults["language"] = "LanguageInvalid";
        if (PasswordRules.Fault(request.Password, email, name) is { } fault)
            faults["password"] = fault;

        errors = faults;
        form =
            faults.Count > 0
                ? null
                : new RegistrationForm
                {
                    Name = name,
                    Email = email,
                    Phone = phone,
                    PostalAddress = postal,
                    Password = request.Password,
                    BusinessName = business,
                    Country = country,
                    Language = request.Language,
                };
        return form is not null;
    }

    /// <summary>The faults as sentences, in the API's language.</summary>
    public static Dictionary<string, string[]> Sentences(IReadOnlyDictionary<string, string> errors) =>
        errors.ToDictionary(pair => pair.Key, pair => new[] { PageTexts.English(pair.Value) }, StringComparer.Ordinal);

    private static TValue? Read<TValue>(string? text, string field, string fault, Dictionary<string, string> faults)
        where TValue : struct, IPersonalValue<TValue>
    {
        if (Optional(text) is not { } given)
            return null;
        if (TValue.TryParse(given, out var value))
            return value;
        faults[field] = fault;
        return null;
    }

    private static string? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsCountry(string code) =>
        code.Length == 2
        && code.All(char.IsAsciiLetterUpper)
        && CultureInfo
            .GetCultures(CultureTypes.SpecificCultures)
            .Any(culture => culture.Name.EndsWith("-" + code, StringComparison.Ordinal));
}
