using Microsoft.Extensions.Compliance.Classification;

namespace WpAsis.Privacy.Classification;

/// <summary>The policy's own four categories are the taxonomy of the code.</summary>
public static class PolicyTaxonomy
{
    /// <summary>Name of the taxonomy.</summary>
    public static string Name => "WpAsis";

    /// <summary>Name, e-mail, phone, postal address (policy P1.1).</summary>
    public static DataClassification IdentityData { get; } = new(Name, nameof(IdentityData));

    /// <summary>IP address, fingerprint hash, login times (policy P1.2).</summary>
    public static DataClassification SecurityData { get; } = new(Name, nameof(SecurityData));

    /// <summary>Message metadata: who, when, how delivered (policy P1.3).</summary>
    public static DataClassification ServiceData { get; } = new(Name, nameof(ServiceData));

    /// <summary>What was said (policy P1.4): never permanently stored.</summary>
    public static DataClassification MessageContent { get; } = new(Name, nameof(MessageContent));
}

/// <summary>Why a value is held: the purposes of policy section 2, and no others.</summary>
public enum Purpose
{
    /// <summary>Provide and improve the assistant (P2.a).</summary>
    Service,

    /// <summary>Authenticate accounts (P2.b).</summary>
    Authentication,

    /// <summary>Prevent fraud and abuse (P2.c).</summary>
    FraudPrevention,

    /// <summary>Comply with legal obligations (P2.d).</summary>
    LegalObligation,

    /// <summary>Talk about subscription and support (P2.e).</summary>
    Contact,
}

/// <summary>What erasure does to a value.</summary>
public enum OnErase
{
    /// <summary>The row goes.</summary>
    Delete,

    /// <summary>The key goes; what is left is noise.</summary>
    Shred,

    /// <summary>The link to the person goes.</summary>
    Anonymise,

    /// <summary>Stays, restricted, for a stated legal reason.</summary>
    Hold,
}

/// <summary>Base of every class of personal data: one declaration from which the rest is derived.</summary>
public abstract class PersonalDataAttribute(DataClassification category) : DataClassificationAttribute(category)
{
    /// <summary>Why it is held.</summary>
    public Purpose Purpose { get; set; }

    /// <summary>The policy clause that names it.</summary>
    public string Clause { get; set; } = "";

    /// <summary>How long it is kept, by its name in the retention table.</summary>
    public string Retention { get; set; } = "";

    /// <summary>What erasure does to it.</summary>
    public OnErase OnErase { get; set; }
}

/// <summary>Identity data (P1.1).</summary>
public class IdentityDataAttribute() : PersonalDataAttribute(PolicyTaxonomy.IdentityData);

/// <summary>A person's name.</summary>
public sealed class PersonNameAttribute : IdentityDataAttribute;

/// <summary>An e-mail address.</summary>
public sealed class EmailDataAttribute : IdentityDataAttribute;

/// <summary>A phone number, or anything that holds one (a wa_id, a wamid).</summary>
public sealed class PhoneDataAttribute : IdentityDataAttribute;

/// <summary>A postal address.</summary>
public sealed class PostalAddressAttribute : IdentityDataAttribute;

/// <summary>Security data (P1.2).</summary>
public class SecurityDataAttribute() : PersonalDataAttribute(PolicyTaxonomy.SecurityData);

/// <summary>An IP address.</summary>
public sealed class IpAddressDataAttribute : SecurityDataAttribute;

/// <summary>A keyed hash of a browser fingerprint.</summary>
public sealed class FingerprintHashAttribute : SecurityDataAttribute;

/// <summary>A proof that lets a person in: password hash, second-factor seed.</summary>
public sealed class CredentialAttribute : SecurityDataAttribute;

/// <summary>When somebody signed in.</summary>
public sealed class LoginTimeAttribute : SecurityDataAttribute;

/// <summary>Service data (P1.3).</summary>
public class ServiceDataAttribute() : PersonalDataAttribute(PolicyTaxonomy.ServiceData);

/// <summary>Message metadata: times, who, delivery status.</summary>
public sealed class MessageMetadataAttribute : ServiceDataAttribute;

/// <summary>A customer's own words about its business: profile, knowledge.</summary>
public sealed class TenantTextAttribute : ServiceDataAttribute;

/// <summary>A customer's secret at a foreign system: an access token.</summary>
public sealed class TenantSecretAttribute : ServiceDataAttribute;

/// <summary>What was said (P1.4).</summary>
public sealed class MessageContentAttribute() : PersonalDataAttribute(PolicyTaxonomy.MessageContent);

/// <summary>Says why something that could look personal is not.</summary>
/// <param name="why">The reason a reviewer can check.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Struct | AttributeTargets.Parameter)]
public sealed class NotPersonalAttribute(string why) : Attribute
{
    /// <summary>The reason.</summary>
    public string Why { get; } = why;
}
