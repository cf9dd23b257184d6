using WpAsis.MessagingGateway.Replies;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class WhatsAppTextTests
{
    [Theory]
    [InlineData("**Pazartesi** açığız", "*Pazartesi* açığız")]
    [InlineData("__Pazartesi__ açığız", "*Pazartesi* açığız")]
    [InlineData("*hafif* vurgu", "_hafif_ vurgu")]
    [InlineData("_hafif_ vurgu", "_hafif_ vurgu")]
    [InlineData("***çok*** önemli", "*_çok_* önemli")]
    [InlineData("~~eski~~ yeni", "~eski~ yeni")]
    [InlineData("~eski~ yeni", "~eski~ yeni")]
    [InlineData("**a _b_ c**", "*a _b_ c*")]
    [InlineData("**a *b* c**", "*a _b_ c*")]
    [InlineData("_a **b** c_", "_a *b* c_")]
    [InlineData("**bir** ve **iki**", "*bir* ve *iki*")]
    [InlineData("**Fiyat:** 100 TL", "*Fiyat:* 100 TL")]
    [InlineData("(**önemli**)", "(*önemli*)")]
    [InlineData("**10:00–18:00**.", "*10:00–18:00*.")]
    public void Emphasis_becomes_WhatsApps(string markdown, string expected) => WhatsAppText.FromMarkdown(markdown).ShouldBe(expected);

    [Theory]
    [InlineData("2 * 3 * 4 = 24", "2 * 3 * 4 = 24")]
    [InlineData("a_b_c dosyası", "a_b_c dosyası")]
    [InlineData("snake_case_name", "snake_case_name")]
    [InlineData("5*6", "5*6")]
    [InlineData("~10 dakika", "~10 dakika")]
    [InlineData("* tek yıldız", "- tek yıldız")]
    [InlineData("yarım **kaldı", "yarım kaldı")]
    [InlineData("**Fiyat: **100 TL", "Fiyat: 100 TL")]
    [InlineData("foo**bar**baz", "foobarbaz")]
    [InlineData(@"\*yıldız\*", "*yıldız*")]
    [InlineData(@"C:\dosya", @"C:\dosya")]
    [InlineData("**", "**")]
    [InlineData("", "")]
    [InlineData("1 < 2 & 3 > 2", "1 < 2 & 3 > 2")]
    [InlineData("AT&T", "AT&T")]
    public void What_is_no_emphasis_stays_readable(string markdown, string expected) =>
        WhatsAppText.FromMarkdown(markdown).ShouldBe(expected);

    [Theory]
    [InlineData("# Başlık", "*Başlık*")]
    [InlineData("### Başlık ###", "*Başlık*")]
    [InlineData("## **Kalın** başlık", "*Kalın başlık*")]
    [InlineData("#etiket", "#etiket")]
    [InlineData("- bir\n- iki", "- bir\n- iki")]
    [InlineData("* bir\n* iki", "- bir\n- iki")]
    [InlineData("+ bir\n+ iki", "- bir\n- iki")]
    [InlineData("• bir", "- bir")]
    [InlineData("- bir\n  - iç", "- bir\n  • iç")]
    [InlineData("1. bir\n2. iki", "1. bir\n2. iki")]
    [InlineData("1) bir", "1. bir")]
    [InlineData("- [ ] yapılacak", "- ☐ yapılacak")]
    [InlineData("- [x] yapıldı", "- ☑ yapıldı")]
    [InlineData("- **Ad:** Ali", "- *Ad:* Ali")]
    [InlineData("> alıntı", "> alıntı")]
    [InlineData(">> derin **alıntı**", "> derin *alıntı*")]
    [InlineData("üst\n\n---\n\nalt", "üst\n\nalt")]
    [InlineData("üst\n***\nalt", "üst\nalt")]
    [InlineData("a\n\n\n\nb", "a\n\nb")]
    [InlineData("a  \nb", "a\nb")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a<br>b<br/>c", "a\nb\nc")]
    [InlineData("2026. yıl", "2026. yıl")]
    [InlineData("- 5 °C", "- 5 °C")]
    public void Lines_keep_their_shape(string markdown, string expected) => WhatsAppText.FromMarkdown(markdown).ShouldBe(expected);

    [Theory]
    [InlineData("[site](https://a.com/b_c_d)", "site (https://a.com/b_c_d)")]
    [InlineData("[https://a.com](https://a.com)", "https://a.com")]
    [InlineData("[a@b.com](mailto:a@b.com)", "a@b.com")]
    [InlineData("[ara](tel:+902120000000)", "ara (+902120000000)")]
    [InlineData("![logo](https://a.com/l.png)", "logo (https://a.com/l.png)")]
    [InlineData("[wiki](https://a.com/x_(y))", "wiki (https://a.com/x_(y))")]
    [InlineData("<https://a.com/x_y_z>", "https://a.com/x_y_z")]
    [InlineData("**https://a.com/x_y**", "*https://a.com/x_y*")]
    [InlineData("[not] a link", "[not] a link")]
    [InlineData("[x](y", "[x](y")]
    [InlineData("**[site](https://a.com)**", "*site (https://a.com)*")]
    public void Addresses_survive(string markdown, string expected) => WhatsAppText.FromMarkdown(markdown).ShouldBe(expected);

    [Theory]
    [InlineData("`kod_a_b`", "`kod_a_b`")]
    [InlineData("`**kod**`", "`**kod**`")]
    [InlineData("```\na **b**\n```", "```a **b**```")]
    [InlineData("```json\n{ \"a\": 1 }\n```", "```{ \"a\": 1 }```")]
    [InlineData("```\nyarım", "```yarım```")]
    [InlineData("tek ` tırnak", "tek ` tırnak")]
    [InlineData("Tom &amp; Jerry &lt;3", "Tom & Jerry <3")]
    [InlineData("10&nbsp;TL", "10 TL")]
    [InlineData("<b>kalın</b> ve <i>eğik</i>", "*kalın* ve _eğik_")]
    public void Code_and_entities_are_taken_as_they_are_meant(string markdown, string expected) =>
        WhatsAppText.FromMarkdown(markdown).ShouldBe(expected);

    [Fact]
    public void A_table_becomes_lines()
    {
        const string Table =
            "Fiyatlar:\n| Ürün | Fiyat | Stok |\n|---|---:|:---:|\n| **Çay** | 20 TL | var |\n| Kahve | 60 TL | yok |\nAfiyet olsun";

        WhatsAppText.FromMarkdown(Table).ShouldBe("Fiyatlar:\n- Çay: Fiyat 20 TL, Stok var\n- Kahve: Fiyat 60 TL, Stok yok\nAfiyet olsun");
        WhatsAppText.FromMarkdown("Gün | Saat\n--- | ---\nPazar | kapalı").ShouldBe("- Pazar: kapalı");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("`")]
    [InlineData("*a")]
    [InlineData("**a ")]
    [InlineData("<")]
    [InlineData("&")]
    [InlineData("](")]
    [InlineData("![a](")]
    [InlineData("_*~")]
    [InlineData("| ")]
    [InlineData("> ")]
    public void An_odd_text_does_not_cost_seconds(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 64 * 1024 / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        _ = WhatsAppText.FromMarkdown(text);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Control_characters_do_not_reach_Meta() => WhatsAppText.FromMarkdown("a\0b\u0007c\td").ShouldBe("abc\td");

    [Fact]
    public void A_copy_block_stands_by_itself()
    {
        WhatsAppText.CopyBlock("TR12 0006 4000").ShouldBe("```TR12 0006 4000```");
        WhatsAppText.CopyBlock("a`b").ShouldBe("a`b");
    }
}
