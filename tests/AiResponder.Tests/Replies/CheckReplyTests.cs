using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.AiResponder;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Tests.Replies;

public sealed class CheckReplyTests
{
    [Theory]
    [InlineData("A colleague will get back to you shortly.")]
    [InlineData("I am connecting you to an agent now, one of our team members will help you.")]
    [InlineData("I'll transfer you to a colleague.")]
    [InlineData("Someone will contact you tomorrow.")]
    [InlineData("Our team will call you.")]
    [InlineData("Sizi bir çalışma arkadaşımıza bağlıyorum.")]
    [InlineData("Sizi müşteri temsilcisine aktarıyorum.")]
    [InlineData("Ekibimiz en kısa sürede sizinle iletişime geçecek.")]
    [InlineData("Bir yetkili sizi arayacak.")]
    [InlineData("Temsilcimiz size dönüş yapacaktır.")]
    public void A_promise_of_a_person_is_a_hand_over(string text) =>
        CheckReply.Check(Answer(text)).Answer!.Outcome.ShouldBe(ReplyOutcome.HandOver);

    [Theory]
    [InlineData("We open at 9 and close at 18.")]
    [InlineData("You can call us at the front desk.")]
    [InlineData("Our team has ten members.")]
    [InlineData("Delivery will reach you in two days.")]
    [InlineData("Saat 9'da açıyoruz.")]
    [InlineData("Ekibimiz on kişiden oluşuyor.")]
    [InlineData("Kargonuz iki günde ulaşır.")]
    [InlineData("İade için formu doldurmanız yeterli.")]
    public void A_plain_answer_stays_what_it_is(string text) =>
        CheckReply.Check(Answer(text)).Answer!.Outcome.ShouldBe(ReplyOutcome.Answered);

    [Fact]
    public void Nothing_longer_than_whatsapp_takes_leaves()
    {
        CheckReply.Check(Answer(new string('a', CheckReply.MaxText))).Problem.ShouldBe(AnswerProblem.None);
        CheckReply.Check(Answer(new string('a', CheckReply.MaxText + 1))).Problem.ShouldBe(AnswerProblem.TooLong);
        CheckReply.Check(Answer(" \n ")).Problem.ShouldBe(AnswerProblem.Empty);
    }

    [Fact]
    public void Suggestions_and_blocks_are_bounded()
    {
        var answer = Answer("ok") with
        {
            SuggestedReplies = ["one", "one", "two", "three", "four", "a suggestion that is far too long"],
            CopyBlocks = ["", "TR12", "x", "y", "z"],
        };

        var kept = CheckReply.Check(answer).Answer!;

        kept.SuggestedReplies.ShouldBe(["one", "two", "three"]);
        kept.CopyBlocks.ShouldBe(["TR12", "x", "y"]);
    }

    [Theory]
    [InlineData("Merhaba, kahve ne kadar?", "tr")]
    [InlineData("MERHABA KAHVE NE KADAR", "tr")]
    [InlineData("fiyat nedir", "tr")]
    [InlineData("What does it cost?", "en")]
    [InlineData("hi", "en")]
    [InlineData("👍", "tr")]
    [InlineData("12345", "tr")]
    public void The_language_of_a_turn_is_the_contacts(string text, string language) =>
        DetectLanguage.Of([Part(text)], [], ["tr", "en"]).ShouldBe(language);

    [Fact]
    public void Words_that_do_not_tell_speak_the_language_of_the_memory_or_of_the_business()
    {
        var remembered = new MemoryEntry(DateTimeOffset.UnixEpoch, Speaker.Contact, "what does it cost?");

        DetectLanguage.Of([Part("ok")], [remembered], ["tr", "en"]).ShouldBe("en");
        DetectLanguage.Of([Part("what does it cost?")], [], ["tr"]).ShouldBe("tr");
    }

    private static TurnPart Part(string text) => new(TypedId.New<MessageId>(TimeProvider.System), PartState.Readable, text);

    private static ReplyAnswer Answer(string text) =>
        new()
        {
            Outcome = ReplyOutcome.Answered,
            Language = "en",
            Text = text,
            CopyBlocks = [],
            SuggestedReplies = [],
        };
}
