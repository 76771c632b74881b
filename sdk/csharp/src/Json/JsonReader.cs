// Reads JSON as RFC 8259 has it, without a byte order mark. .NET Standard 2.0 has no reader of its own.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Latchkey.Json
{
    /// <summary>Values are null, bool, double, string, List of object, and Dictionary of string and object.</summary>
    internal sealed class JsonReader
    {
        /// <summary>Deeper values are refused: reading them would need ever more of the stack.</summary>
        private const int Deepest = 128;

        private readonly string text;
        private int at;

        private JsonReader(string text)
        {
            this.text = text;
        }

        /// <summary>The object that a text is; null for null and for what is no object.</summary>
        internal static Dictionary<string, object> ReadObject(string text)
        {
            try
            {
                return text == null ? null : Read(text) as Dictionary<string, object>;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        /// <summary>The value that a text is.</summary>
        /// <exception cref="FormatException">it is no JSON</exception>
        internal static object Read(string text)
        {
            var reader = new JsonReader(text);
            object value = reader.Value(0);
            reader.Blanks();
            if (reader.at < text.Length)
            {
                throw reader.Failure();
            }
            return value;
        }

        private FormatException Failure()
        {
            return new FormatException("The text is no JSON from character " + at + " on.");
        }

        private char Peek()
        {
            return at < text.Length ? text[at] : '\0';
        }

        private void Blanks()
        {
            while (Peek() == ' ' || Peek() == '\t' || Peek() == '\r' || Peek() == '\n')
            {
                at++;
            }
        }

        /// <summary>Whether the next character is this one, which is read then.</summary>
        private bool Take(char character)
        {
            bool isNext = at < text.Length && text[at] == character;
            at += isNext ? 1 : 0;
            return isNext;
        }

        private void Expect(char character)
        {
            if (!Take(character))
            {
                throw Failure();
            }
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
            {
                throw Failure();
            }
            at += word.Length;
            return value;
        }

        private object Value(int depth)
        {
            if (depth > Deepest)
            {
                throw Failure();
            }
            Blanks();
            switch (Peek())
            {
                case '{':
                    return Object(depth);
                case '[':
                    return List(depth);
                case '"':
                    return String();
                case 't':
                    return Word("true", true);
                case 'f':
                    return Word("false", false);
                case 'n':
                    return Word("null", null);
                default:
                    return Number();
            }
        }

        /// <summary>Where a name is there twice, the last one counts.</summary>
        private object Object(int depth)
        {
            var members = new Dictionary<string, object>();
            Expect('{');
            Blanks();
            if (Take('}'))
            {
                return members;
            }
            do
            {
                Blanks();
                string name = String();
                Blanks();
                Expect(':');
                members[name] = Value(depth + 1);
                Blanks();
            }
            while (Take(','));
            Expect('}');
            return members;
        }

        private object List(int depth)
        {
            var values = new List<object>();
            Expect('[');
            Blanks();
            if (Take(']'))
            {
                return values;
            }
            do
            {
                values.Add(Value(depth + 1));
                Blanks();
            }
            while (Take(','));
            Expect(']');
            return values;
        }

        private string String()
        {
            var characters = new StringBuilder();
            Expect('"');
            while (!Take('"'))
            {
                if (Peek() < ' ')
                {
                    throw Failure();
                }
                char character = text[at++];
                characters.Append(character == '\\' ? Escape() : character);
            }
            return characters.ToString();
        }

        private char Escape()
        {
            char character = Peek();
            at++;
            switch (character)
            {
                case '"':
                case '\\':
                case '/':
                    return character;
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case 'u':
                    return Unicode();
                default:
                    throw Failure();
            }
        }

        private char Unicode()
        {
            string digits = at + 4 <= text.Length ? text.Substring(at, 4) : "";
            const NumberStyles style = NumberStyles.AllowHexSpecifier;
            if (!ushort.TryParse(digits, style, CultureInfo.InvariantCulture, out ushort code))
            {
                throw Failure();
            }
            at += 4;
            return (char)code;
        }

        private void Digits()
        {
            int from = at;
            while (Peek() >= '0' && Peek() <= '9')
            {
                at++;
            }
            if (at == from)
            {
                throw Failure();
            }
        }

        private object Number()
        {
            int from = at;
            Take('-');
            if (!Take('0'))
            {
                Digits();
            }
            if (Take('.'))
            {
                Digits();
            }
            if (Take('e') || Take('E'))
            {
                if (!Take('+'))
                {
                    Take('-');
                }
                Digits();
            }
            string number = text.Substring(from, at - from);
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                throw Failure();
            }
            return value;
        }
    }
}
