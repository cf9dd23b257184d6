namespace WpAsis.MessagingGateway.Contacts;

/// <summary>
/// Three countries write one mobile number in two ways, and WhatsApp ids come in either. Used for looking up only: what Meta sent is
/// what is kept and what is answered to.
/// </summary>
internal static class NumberVariants
{
    /// <summary>The other ways to write a number (digits with country code).</summary>
    public static IEnumerable<string> Of(string digits)
    {
        if (!digits.All(char.IsAsciiDigit))
            yield break;
        // Brazil: a 9 before the eight digits of a mobile, in some areas only.
        if (digits is ['5', '5', _, _, '9', ..] && digits.Length == 13)
            yield return digits[..4] + digits[5..];
        else if (digits is ['5', '5', _, _, >= '6', ..] && digits.Length == 12)
            yield return digits[..4] + '9' + digits[4..];
        // Mexico: a 1 after the country code.
        else if (digits is ['5', '2', '1', ..] && digits.Length == 13)
            yield return "52" + digits[3..];
        else if (digits is ['5', '2', ..] && digits.Length == 12)
            yield return "521" + digits[2..];
        // Argentina: a 9 after the country code.
        else if (digits is ['5', '4', '9', ..] && digits.Length == 13)
            yield return "54" + digits[3..];
        else if (digits is ['5', '4', ..] && digits.Length == 12)
            yield return "549" + digits[2..];
    }
}
