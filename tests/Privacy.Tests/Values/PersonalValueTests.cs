using System.Reflection;
using System.Text.Json;
using CsCheck;
using WpAsis.Privacy.Values;

namespace WpAsis.Privacy.Tests.Values;

public sealed class PersonalValueTests
{
    private sealed record Person(PersonName Name, PhoneNumber Phone, EmailAddress Email, IpAddress Address, Wamid Message);

    private sealed record Payload(WaId? WaId, BusinessScopedUserId? UserId, PersonName Name);

    private static readonly string[] Secrets = ["Ayşe", "Yılmaz", "5321234567", "ayse.yilmaz", "example", "203.0.113", "HBgM"];

    [Fact]
    public void A_record_that_holds_personal_values_prints_none_of_them()
    {
        var person = new Person(
            PersonName.Parse("Ayşe Yılmaz"),
            PhoneNumber.Parse("+90 532 123 45 67"),
            EmailAddress.Parse("ayse.yilmaz@example.com"),
            IpAddress.Parse("203.0.113.77"),
            Wamid.Parse("wamid.HBgMOTA1MzIxMjM0NTY3")
        );

        var printed = $"{person}";

        foreach (var secret in Secrets)
            printed.ShouldNotContain(secret);
        person.Phone.ToString().ShouldBe("***67");
        person.Name.ToString().ShouldBe("A***");
        person.Email.ToString().ShouldBe("a***");
        person.Message.ToString().ShouldBe("wamid");
    }

    [Fact]
    public void Two_digits_of_a_short_id_are_too_many_to_print()
    {
        WaId.Parse("5678").ToString().ShouldBe("***");
        WaId.Parse("PHONE_NUMBER").ToString().ShouldBe("***");
        WaId.Parse("905321234567").ToString().ShouldBe("***67");
    }

    [Theory]
    [InlineData("PHONE_NUMBER")]
    [InlineData("5678")]
    [InlineData("bla")]
    public void What_Meta_sends_is_taken_as_it_is(string text)
    {
        WaId.Parse(text).Reveal().ShouldBe(text);
        BusinessScopedUserId.Parse(text).Reveal().ShouldBe(text);
        Username.Parse(text).Reveal().ShouldBe(text);
        Wamid.Parse(text).Reveal().ShouldBe(text);
        WaId.Parse(text).Normalized.ShouldBe(text);
    }

    [Fact]
    public void An_id_of_Meta_is_neither_empty_nor_longer_than_512()
    {
        WaId.TryParse("", out _).ShouldBeFalse();
        WaId.TryParse(" ", out _).ShouldBeFalse();
        WaId.TryParse(null, out _).ShouldBeFalse();
        WaId.TryParse(new string('9', 512), out _).ShouldBeTrue();
        WaId.TryParse(new string('9', 513), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("+90 532 123 45 67", null, "905321234567")]
    [InlineData("905321234567", null, "905321234567")]
    [InlineData("0532 123 45 67", "TR", "905321234567")]
    [InlineData("+1 (631) 555-5555", null, "16315555555")]
    public void One_number_has_one_normalized_form_however_it_is_written(string text, string? country, string digits)
    {
        PhoneNumber.TryParse(text, country, out var phone).ShouldBeTrue();

        phone.Normalized.ShouldBe(digits);
        phone.Reveal().ShouldBe("+" + digits);
        WaId.Parse(digits).Normalized.ShouldBe(digits);
    }

    [Theory]
    [InlineData("0532 123 45 67")]
    [InlineData("+90")]
    [InlineData("call me")]
    [InlineData("+90 532 123 45 67 ext. 5")]
    [InlineData("")]
    public void What_is_no_international_number_is_refused(string text) => PhoneNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(" Ayse@Example.COM ", "ayse@example.com")]
    [InlineData("a+b@bücher.example", "a+b@xn--bcher-kva.example")]
    [InlineData("ａｙｓｅ@example.com", "ayse@example.com")]
    [InlineData("Ali@İstanbul.example", null)]
    [InlineData("a@localhost", "a@localhost")]
    public void One_mail_address_has_one_normalized_form(string text, string? normalized)
    {
        var email = EmailAddress.Parse(text);

        email.Reveal().ShouldBe(text.Trim());
        if (normalized is not null)
            email.Normalized.ShouldBe(normalized);
        EmailAddress.Parse(email.Normalized).Normalized.ShouldBe(email.Normalized);
    }

    [Theory]
    [InlineData("ayse")]
    [InlineData("@example.com")]
    [InlineData("ayse@")]
    [InlineData("a@b@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@exa mple.com")]
    [InlineData("a@-.com")]
    [InlineData("a@b.com\r\nBcc: x@y.com")]
    [InlineData("<a@b.com>")]
    public void What_is_no_mail_address_is_refused(string text) => EmailAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_mapped_address_is_the_address_it_maps()
    {
        IpAddress.Parse("::ffff:203.0.113.7").ShouldBe(IpAddress.Parse("203.0.113.7"));
        IpAddress.Parse("fe80::1%3").Reveal().ShouldBe("fe80::1");
        IpAddress.TryParse("not an address", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_name_of_a_stranger_is_cleaned_and_never_refused_for_its_signs()
    {
        PersonName.Parse("A\u0000y\nşe ").Reveal().ShouldBe("A y şe");
        PersonName.Parse(new string('x', 300)).Reveal().Length.ShouldBe(PersonName.MaxLength);
        PersonName.Parse("👩‍🍳 Şef").Reveal().ShouldBe("👩‍🍳 Şef");
        PersonName.TryParse("\u0001\u0002", out _).ShouldBeFalse();
    }

    [Fact]
    public void Text_of_any_kind_is_parsed_or_refused_and_normalizing_never_throws() =>
        Gen.String.Sample(text =>
        {
            if (PersonName.TryParse(text, out var name))
                _ = name.Normalized + name;
            if (Username.TryParse(text, out var username))
                _ = username.Normalized + username;
            if (WaId.TryParse(text, out var waId))
                _ = waId.Normalized + waId;
            if (PostalAddress.TryParse(text, out var address))
                _ = address.Normalized + address;
            if (EmailAddress.TryParse(text + "@example.com", out var email))
                EmailAddress.Parse(email.Normalized).Normalized.ShouldBe(email.Normalized);
            _ = PhoneNumber.TryParse(text, out _);
            _ = IpAddress.TryParse(text, out _);
        });

    [Fact]
    public void A_personal_value_is_read_from_a_payload_and_never_written_into_one()
    {
        var payload = JsonSerializer.Deserialize<Payload>("""{"WaId":"905321234567","UserId":null,"Name":""}""")!;

        payload.WaId!.Value.Reveal().ShouldBe("905321234567");
        payload.UserId.ShouldBeNull();
        payload.Name.IsEmpty.ShouldBeTrue();
        Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(payload)).Message.ShouldNotContain("4567");
        Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(new Dictionary<WaId, int> { [payload.WaId.Value] = 1 }));
    }

    [Fact]
    public void An_unreadable_value_is_not_quoted_in_the_error()
    {
        var long_ = new string('9', 513);

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<WaId>($"\"{long_}\"")).ToString().ShouldNotContain("99999");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<WaId>("905321234567")).ToString().ShouldNotContain("532");
        Should.Throw<FormatException>(() => EmailAddress.Parse("ayse yilmaz")).ToString().ShouldNotContain("yilmaz");
    }

    [Fact]
    public void Every_personal_value_refuses_json_and_has_no_conversion_to_text()
    {
        var values = typeof(PhoneNumber)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsValueType && type.Namespace == typeof(PhoneNumber).Namespace)
            .ToList();

        values.Count.ShouldBe(9);
        foreach (var value in values)
        {
            value.GetMethods(BindingFlags.Public | BindingFlags.Static).ShouldNotContain(method => method.Name.StartsWith("op_Imp"));
            value.GetMethods(BindingFlags.Public | BindingFlags.Static).ShouldNotContain(method => method.Name.StartsWith("op_Exp"));
            Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(Activator.CreateInstance(value), value));
        }
    }
}
